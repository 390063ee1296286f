import { describe, expect, it } from "vitest";

import { renderMarkdown } from "#lib/public/markdown.ts";

describe("renderMarkdown", () => {
  it("keeps the structure of a message", () => {
    expect(renderMarkdown("We **found** it.\nA fix is `out`.\n\n- one\n- two")).toBe(
      "<p>We <strong>found</strong> it.<br />A fix is <code>out</code>.</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>",
    );
  });

  it("marks links as nobody's recommendation", () => {
    expect(renderMarkdown("[docs](https://example.com/a)")).toBe(
      '<p><a href="https://example.com/a" rel="nofollow noopener">docs</a></p>',
    );
  });

  it("turns headings into small ones", () => {
    expect(renderMarkdown("# Big")).toBe("<h4>Big</h4>");
  });

  it.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://example.com/track.png)",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    '<a href="javascript:alert(1)">x</a>',
    '<p style="position:fixed" onclick="alert(1)">x</p>',
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src=//example.com></iframe>",
    '<form action="https://example.com"><input name=q></form>',
    "<style>*{display:none}</style>",
    '<a href="x" target="_blank" onmouseover="alert(1)">x</a>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "[x](//example.com)",
    "`<script>`<script>alert(1)</script>",
  ])("lets nothing active through: %s", (markdown) => {
    const html = renderMarkdown(markdown);
    const tags = [...html.matchAll(/<\/?([a-z0-9]+)((?:\s[^>]*)?)>/gi)];
    for (const [, name = "", attributes = ""] of tags) {
      expect([
        "p",
        "br",
        "a",
        "code",
        "pre",
        "strong",
        "em",
        "ul",
        "ol",
        "li",
        "h4",
        "blockquote",
        "del",
      ]).toContain(name);
      expect(attributes.trim()).toMatch(/^(\/|(href="(https?:|mailto:|x)[^"]*" )?rel="nofollow noopener")?$/);
    }
    // whatever is left that looks like a tag is text
    expect(html.replaceAll(/<\/?[a-z0-9]+(\s[^>]*)?>/gi, "")).not.toContain("<");
  });
});
