/** What the sample is made of. Everything about it says that it is a sample; no company is named. */
export interface SampleComponent {
  /** Also the path behind the proxy. */
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly group: string;
  /** Typical response time in milliseconds, for the generated history and the running origin. */
  readonly latencyMs: number;
  /** What it fails with again and again, so that there is a past to tell how long it takes. */
  readonly habit?: "out_of_memory" | "slow_database";
}

export const SAMPLE_PAGE = "Sample status page";

export const SAMPLE_GROUPS = ["Shop", "Platform", "Back office"] as const;

export const SAMPLE_COMPONENTS: readonly SampleComponent[] = [
  {
    slug: "sample-web-shop",
    name: "Web shop",
    description: "Pages that customers see",
    group: "Shop",
    latencyMs: 85,
  },
  {
    slug: "sample-search",
    name: "Search",
    description: "Finds products and articles",
    group: "Shop",
    latencyMs: 140,
    habit: "slow_database",
  },
  {
    slug: "sample-checkout-api",
    name: "Checkout API",
    description: "Baskets and payments",
    group: "Shop",
    latencyMs: 110,
    habit: "out_of_memory",
  },
  {
    slug: "sample-sign-in",
    name: "Sign-in",
    description: "Accounts and sessions",
    group: "Platform",
    latencyMs: 60,
  },
  {
    slug: "sample-public-api",
    name: "Public API",
    description: "For partners and apps",
    group: "Platform",
    latencyMs: 45,
  },
  {
    slug: "sample-images",
    name: "Image delivery",
    description: "Product pictures in every size",
    group: "Platform",
    latencyMs: 30,
  },
  {
    slug: "sample-reports",
    name: "Reports",
    description: "Nightly figures",
    group: "Back office",
    latencyMs: 260,
  },
  {
    slug: "sample-email",
    name: "Email delivery",
    description: "Order and shipping mails",
    group: "Back office",
    latencyMs: 95,
  },
];

/** How the sample's checks run: often enough that its failures show within seconds. */
export const SAMPLE_CHECK = {
  name: "through the proxy",
  intervalMs: 10_000,
  timeoutMs: 8_000,
  slowMs: 1_000,
  confirmMs: [500, 2_000],
} as const;

/** How the sample's proxy names itself; the classifier knows it by its `server` header. */
export const SAMPLE_GATEWAY = "Gatewatch sample proxy";
