/** @type {import("next").NextConfig} */
const config = {
  // The page cache in front of Next keeps compressed bodies; Next would gzip on every request.
  compress: false,
  poweredByHeader: false,
  reactStrictMode: true,
  typescript: { ignoreBuildErrors: false },
  // These read files beside themselves at run time, or must be one instance per process.
  serverExternalPackages: ["pg", "pg-boss", "@prisma/client", "@prisma/adapter-pg", "better-auth"],
  turbopack: { root: import.meta.dirname },
};

export default config;
