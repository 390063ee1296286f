import { Marked } from "marked";
import sanitizeHtml from "sanitize-html";

// single line breaks are kept: updates are written like messages, not like documents
const marked = new Marked({ gfm: true, breaks: true, async: false });

const POLICY: sanitizeHtml.IOptions = {
  allowedTags: ["p", "br", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h4"],
  allowedAttributes: { a: ["href", "rel"] },
  allowedSchemes: ["http", "https", "mailto"],
  // "//host/path" would inherit the page's scheme; nobody writes that on purpose
  allowProtocolRelative: false,
  disallowedTagsMode: "discard",
  transformTags: {
    // an update sits below two levels of headings of the page
    h1: "h4",
    h2: "h4",
    h3: "h4",
    h5: "h4",
    h6: "h4",
    a: (_tag, attributes) => ({
      tagName: "a",
      attribs: {
        ...(attributes["href"] === undefined ? {} : { href: attributes["href"] }),
        rel: "nofollow noopener",
      },
    }),
  },
};

/**
 * Markdown of an update as HTML that is safe on any page: text structure and links only. Raw
 * HTML, images, styles and scripts are dropped, and links carry `nofollow noopener`.
 */
export function renderMarkdown(markdown: string): string {
  const html = marked.parse(markdown);
  // typed as possibly a promise, which `async: false` rules out
  if (typeof html !== "string") throw new TypeError("marked answered with a promise");
  return sanitizeHtml(html, POLICY).trim();
}
