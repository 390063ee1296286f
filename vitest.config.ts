import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    teardownTimeout: 15_000,
    projects: [
      {
        test: {
          name: "unit",
          include: ["tests/unit/**/*.test.{ts,tsx}"],
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "integration",
          include: ["tests/integration/**/*.test.ts"],
          globalSetup: ["tests/support/global-setup.ts"],
          // one more than the cores of a small machine: most of the time goes into waiting for slots
          maxWorkers: 3,
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
    ],
  },
});
