-- AlterEnum
ALTER TYPE "check_health" ADD VALUE 'partial' AFTER 'slow';

-- AlterTable
ALTER TABLE "page_settings" ADD COLUMN     "canaries" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "components" ADD COLUMN     "upstream_status_url" TEXT;

-- AlterTable
ALTER TABLE "checks" ADD COLUMN     "quorum" TEXT NOT NULL DEFAULT 'majority';

-- AlterTable
ALTER TABLE "regions" ADD COLUMN     "blind_reason" TEXT,
ADD COLUMN     "blind_since" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "error_episodes" ADD COLUMN     "answered_by" TEXT,
ADD COLUMN     "diagnosed_at" TIMESTAMPTZ(3),
ADD COLUMN     "votes" JSONB;

-- CreateTable
CREATE TABLE "slot_claims" (
    "job_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "queue" TEXT NOT NULL,
    "worker_id" UUID NOT NULL,
    "claimed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "slot_claims_pkey" PRIMARY KEY ("job_id")
);

-- CreateTable
CREATE TABLE "push_signals" (
    "check_number" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "ok" BOOLEAN NOT NULL,
    "message" TEXT,
    "duration_ms" INTEGER,

    CONSTRAINT "push_signals_pkey" PRIMARY KEY ("check_number")
);

-- CreateTable
CREATE TABLE "deploys" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "component_id" UUID,
    "version" TEXT NOT NULL,
    "url" TEXT,
    "source" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "deploys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upstream_statuses" (
    "url" TEXT NOT NULL,
    "name" TEXT,
    "indicator" TEXT,
    "description" TEXT,
    "since" TIMESTAMPTZ(3),
    "checked_at" TIMESTAMPTZ(3) NOT NULL,
    "error" TEXT,

    CONSTRAINT "upstream_statuses_pkey" PRIMARY KEY ("url")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "region" TEXT,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "deploys_at_idx" ON "deploys"("at");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_hash_key" ON "api_keys"("hash");

-- AddForeignKey
ALTER TABLE "push_signals" ADD CONSTRAINT "push_signals_check_number_fkey" FOREIGN KEY ("check_number") REFERENCES "checks"("number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deploys" ADD CONSTRAINT "deploys_component_id_fkey" FOREIGN KEY ("component_id") REFERENCES "components"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ---------------------------------------------------------------------------------------------
-- From here on by hand.

-- Outcomes have grown (lib/model/outcome.ts) and may again: the array there is the only list.
ALTER TABLE "results" DROP CONSTRAINT "results_outcome_range",
  ADD CONSTRAINT "results_outcome_range" CHECK ("outcome" BETWEEN 0 AND 63);
ALTER TABLE "check_states" DROP CONSTRAINT "check_states_outcome_range",
  ADD CONSTRAINT "check_states_outcome_range"
  CHECK ("outcome" BETWEEN 0 AND 63 AND "last_outcome" BETWEEN 0 AND 63);
ALTER TABLE "error_episodes" DROP CONSTRAINT "error_episodes_outcome_range",
  ADD CONSTRAINT "error_episodes_outcome_range" CHECK ("outcome" BETWEEN 2 AND 63);

-- The log of checks is read by time; results come in by time, so a few pages of summary do. A range that is
-- not summarised is read for every query, so that is not left to the next vacuum.
CREATE INDEX "results_slot_at_idx" ON "results" USING brin ("slot_at")
  WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX "evidence_slot_at_idx" ON "evidence" ("slot_at");

ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_scopes_known" CHECK ("scopes" <@ ARRAY['deploys', 'agent']);
