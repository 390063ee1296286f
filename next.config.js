/** @type {import("next").NextConfig} */
const config = {
  // The page cache in front of Next keeps compressed bodies; Next would gzip on every request.
  compress: false,
  poweredByHeader: false,
  reactStrictMode: true,
  typescript: { ignoreBuildErrors: false },
  // The first five read files beside themselves at run time, or must be one instance per process.
  // Of the others each route's bundle would hold a copy of its own, all of them in memory at once.
  serverExternalPackages: [
    "pg",
    "pg-boss",
    "@prisma/client",
    "@prisma/adapter-pg",
    "better-auth",
    "zod",
    "marked",
    "sanitize-html",
  ],
  // An admin area that nobody opened need not lie in memory, nor delay the first page.
  experimental: { preloadEntriesOnStart: false },
  turbopack: { root: import.meta.dirname },
};

export default config;
