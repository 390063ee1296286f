-- CreateEnum
CREATE TYPE "managed_by" AS ENUM ('admin', 'yaml', 'sample');

-- CreateEnum
CREATE TYPE "component_status" AS ENUM ('operational', 'degraded_performance', 'partial_outage', 'major_outage', 'under_maintenance', 'unknown');

-- CreateEnum
CREATE TYPE "check_health" AS ENUM ('up', 'slow', 'down', 'unknown');

-- CreateEnum
CREATE TYPE "incident_status" AS ENUM ('investigating', 'identified', 'monitoring', 'resolved', 'postmortem');

-- CreateEnum
CREATE TYPE "impact" AS ENUM ('none', 'minor', 'major', 'critical');

-- CreateEnum
CREATE TYPE "maintenance_status" AS ENUM ('scheduled', 'in_progress', 'verifying', 'completed');

-- CreateEnum
CREATE TYPE "role" AS ENUM ('owner', 'admin', 'editor', 'viewer');

-- CreateTable
CREATE TABLE "page_settings" (
    "id" SMALLINT NOT NULL DEFAULT 1,
    "page_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT,
    "time_zone" TEXT NOT NULL DEFAULT 'Etc/UTC',
    "support_url" TEXT,
    "managed_by" "managed_by" NOT NULL DEFAULT 'admin',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "page_settings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "public_state" (
    "id" SMALLINT NOT NULL DEFAULT 1,
    "version" BIGINT NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "public_state_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "component_groups" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,
    "managed_by" "managed_by" NOT NULL DEFAULT 'admin',
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "component_groups_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "components" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "group_id" UUID,
    "position" INTEGER NOT NULL DEFAULT 0,
    "showcase" BOOLEAN NOT NULL DEFAULT true,
    "only_show_if_degraded" BOOLEAN NOT NULL DEFAULT false,
    "start_date" DATE,
    "managed_by" "managed_by" NOT NULL DEFAULT 'admin',
    "status" "component_status" NOT NULL DEFAULT 'unknown',
    "status_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "components_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "checks" (
    "id" UUID NOT NULL,
    "number" SERIAL NOT NULL,
    "component_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "target" JSONB NOT NULL,
    "interval_ms" INTEGER NOT NULL,
    "timeout_ms" INTEGER NOT NULL,
    "slow_ms" INTEGER,
    "confirm_ms" INTEGER[] DEFAULT ARRAY[500, 2000]::INTEGER[],
    "regions" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "managed_by" "managed_by" NOT NULL DEFAULT 'admin',
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "checks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "regions" (
    "id" SMALLSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "regions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "worker_sightings" (
    "id" UUID NOT NULL,
    "region_id" SMALLINT NOT NULL,
    "hostname" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "version" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "worker_sightings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "check_states" (
    "check_number" INTEGER NOT NULL,
    "region_id" SMALLINT NOT NULL,
    "health" "check_health" NOT NULL DEFAULT 'unknown',
    "outcome" SMALLINT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "last_slot_at" TIMESTAMPTZ(3) NOT NULL,
    "last_outcome" SMALLINT NOT NULL,

    CONSTRAINT "check_states_pkey" PRIMARY KEY ("check_number","region_id")
);

-- CreateTable
CREATE TABLE "results" (
    "slot_at" TIMESTAMPTZ(3) NOT NULL,
    "check_number" INTEGER NOT NULL,
    "region_id" SMALLINT NOT NULL,
    "outcome" SMALLINT NOT NULL,
    "http_status" SMALLINT NOT NULL,
    "dns_ms" SMALLINT NOT NULL,
    "connect_ms" SMALLINT NOT NULL,
    "tls_ms" SMALLINT NOT NULL,
    "first_byte_ms" SMALLINT NOT NULL,
    "total_ms" INTEGER NOT NULL,

    CONSTRAINT "results_pkey" PRIMARY KEY ("check_number","region_id","slot_at")
) PARTITION BY RANGE ("slot_at");

-- CreateTable
CREATE TABLE "evidence" (
    "slot_at" TIMESTAMPTZ(3) NOT NULL,
    "check_number" INTEGER NOT NULL,
    "region_id" SMALLINT NOT NULL,
    "gateway" TEXT,
    "detail" JSONB NOT NULL,

    CONSTRAINT "evidence_pkey" PRIMARY KEY ("check_number","region_id","slot_at")
) PARTITION BY RANGE ("slot_at");

-- CreateTable
CREATE TABLE "rollup_hours" (
    "check_number" INTEGER NOT NULL,
    "region_id" SMALLINT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "total" INTEGER NOT NULL,
    "outcomes" INTEGER[],
    "latency" INTEGER[],
    "latency_sum" BIGINT NOT NULL,

    CONSTRAINT "rollup_hours_pkey" PRIMARY KEY ("check_number","region_id","starts_at")
);

-- CreateTable
CREATE TABLE "rollup_days" (
    "check_number" INTEGER NOT NULL,
    "region_id" SMALLINT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "total" INTEGER NOT NULL,
    "outcomes" INTEGER[],
    "latency" INTEGER[],
    "latency_sum" BIGINT NOT NULL,

    CONSTRAINT "rollup_days_pkey" PRIMARY KEY ("check_number","region_id","starts_at")
);

-- CreateTable
CREATE TABLE "status_spans" (
    "id" UUID NOT NULL,
    "component_id" UUID NOT NULL,
    "status" "component_status" NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3),

    CONSTRAINT "status_spans_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "error_episodes" (
    "id" UUID NOT NULL,
    "component_id" UUID NOT NULL,
    "check_id" UUID NOT NULL,
    "outcome" SMALLINT NOT NULL,
    "http_status" SMALLINT,
    "kind" TEXT,
    "gateway" TEXT,
    "cause" JSONB,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "checks" INTEGER NOT NULL,
    "failures" INTEGER NOT NULL,
    "regions" TEXT[],
    "first_evidence" JSONB,
    "last_evidence" JSONB,

    CONSTRAINT "error_episodes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incidents" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" "incident_status" NOT NULL,
    "impact" "impact" NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "monitoring_at" TIMESTAMPTZ(3),
    "resolved_at" TIMESTAMPTZ(3),
    "managed_by" "managed_by" NOT NULL DEFAULT 'admin',
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "incidents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incident_updates" (
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "status" "incident_status" NOT NULL,
    "body" TEXT NOT NULL,
    "display_at" TIMESTAMPTZ(3) NOT NULL,
    "deliver_notifications" BOOLEAN NOT NULL DEFAULT true,
    "author_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "incident_updates_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incident_components" (
    "incident_id" UUID NOT NULL,
    "component_id" UUID NOT NULL,
    "status" "component_status" NOT NULL,

    CONSTRAINT "incident_components_pkey" PRIMARY KEY ("incident_id","component_id")
);

-- CreateTable
CREATE TABLE "incident_update_components" (
    "update_id" UUID NOT NULL,
    "component_id" UUID NOT NULL,
    "old_status" "component_status" NOT NULL,
    "new_status" "component_status" NOT NULL,

    CONSTRAINT "incident_update_components_pkey" PRIMARY KEY ("update_id","component_id")
);

-- CreateTable
CREATE TABLE "maintenances" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" "maintenance_status" NOT NULL DEFAULT 'scheduled',
    "scheduled_for" TIMESTAMPTZ(3) NOT NULL,
    "scheduled_until" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),
    "managed_by" "managed_by" NOT NULL DEFAULT 'admin',
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "maintenances_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "maintenance_updates" (
    "id" UUID NOT NULL,
    "maintenance_id" UUID NOT NULL,
    "status" "maintenance_status" NOT NULL,
    "body" TEXT NOT NULL,
    "display_at" TIMESTAMPTZ(3) NOT NULL,
    "deliver_notifications" BOOLEAN NOT NULL DEFAULT true,
    "author_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "maintenance_updates_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "maintenance_components" (
    "maintenance_id" UUID NOT NULL,
    "component_id" UUID NOT NULL,

    CONSTRAINT "maintenance_components_pkey" PRIMARY KEY ("maintenance_id","component_id")
);

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "role" "role" NOT NULL DEFAULT 'viewer',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "token" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "accounts" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "refresh_token_expires_at" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verifications" (
    "id" UUID NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "verifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rate_limits" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "last_request" BIGINT NOT NULL,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_id" UUID,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target_type" TEXT NOT NULL,
    "target_id" TEXT NOT NULL,
    "detail" JSONB,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox_events" (
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "processed_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_events_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "page_settings_page_id_key" ON "page_settings"("page_id");

-- CreateIndex
CREATE UNIQUE INDEX "components_slug_key" ON "components"("slug");

-- CreateIndex
CREATE INDEX "components_group_id_idx" ON "components"("group_id");

-- CreateIndex
CREATE UNIQUE INDEX "checks_number_key" ON "checks"("number");

-- CreateIndex
CREATE INDEX "checks_component_id_idx" ON "checks"("component_id");

-- CreateIndex
CREATE UNIQUE INDEX "regions_name_key" ON "regions"("name");

-- CreateIndex
CREATE INDEX "status_spans_component_id_starts_at_idx" ON "status_spans"("component_id", "starts_at");

-- CreateIndex
CREATE INDEX "error_episodes_component_id_started_at_idx" ON "error_episodes"("component_id", "started_at");

-- CreateIndex
CREATE INDEX "error_episodes_started_at_idx" ON "error_episodes"("started_at");

-- CreateIndex
CREATE UNIQUE INDEX "incidents_code_key" ON "incidents"("code");

-- CreateIndex
CREATE INDEX "incidents_started_at_idx" ON "incidents"("started_at");

-- CreateIndex
CREATE INDEX "incident_updates_incident_id_display_at_idx" ON "incident_updates"("incident_id", "display_at");

-- CreateIndex
CREATE INDEX "incident_components_component_id_idx" ON "incident_components"("component_id");

-- CreateIndex
CREATE INDEX "incident_update_components_component_id_idx" ON "incident_update_components"("component_id");

-- CreateIndex
CREATE UNIQUE INDEX "maintenances_code_key" ON "maintenances"("code");

-- CreateIndex
CREATE INDEX "maintenances_scheduled_for_idx" ON "maintenances"("scheduled_for");

-- CreateIndex
CREATE INDEX "maintenance_updates_maintenance_id_display_at_idx" ON "maintenance_updates"("maintenance_id", "display_at");

-- CreateIndex
CREATE INDEX "maintenance_components_component_id_idx" ON "maintenance_components"("component_id");

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_token_key" ON "sessions"("token");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE INDEX "accounts_user_id_idx" ON "accounts"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "accounts_provider_id_account_id_key" ON "accounts"("provider_id", "account_id");

-- CreateIndex
CREATE INDEX "verifications_identifier_idx" ON "verifications"("identifier");

-- CreateIndex
CREATE UNIQUE INDEX "rate_limits_key_key" ON "rate_limits"("key");

-- CreateIndex
CREATE INDEX "audit_entries_at_idx" ON "audit_entries"("at");

-- CreateIndex
CREATE INDEX "audit_entries_target_type_target_id_idx" ON "audit_entries"("target_type", "target_id");

-- AddForeignKey
ALTER TABLE "components" ADD CONSTRAINT "components_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "component_groups"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checks" ADD CONSTRAINT "checks_component_id_fkey" FOREIGN KEY ("component_id") REFERENCES "components"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "worker_sightings" ADD CONSTRAINT "worker_sightings_region_id_fkey" FOREIGN KEY ("region_id") REFERENCES "regions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "check_states" ADD CONSTRAINT "check_states_check_number_fkey" FOREIGN KEY ("check_number") REFERENCES "checks"("number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "check_states" ADD CONSTRAINT "check_states_region_id_fkey" FOREIGN KEY ("region_id") REFERENCES "regions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "results" ADD CONSTRAINT "results_check_number_fkey" FOREIGN KEY ("check_number") REFERENCES "checks"("number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "results" ADD CONSTRAINT "results_region_id_fkey" FOREIGN KEY ("region_id") REFERENCES "regions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_check_number_fkey" FOREIGN KEY ("check_number") REFERENCES "checks"("number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_region_id_fkey" FOREIGN KEY ("region_id") REFERENCES "regions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rollup_hours" ADD CONSTRAINT "rollup_hours_check_number_fkey" FOREIGN KEY ("check_number") REFERENCES "checks"("number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rollup_hours" ADD CONSTRAINT "rollup_hours_region_id_fkey" FOREIGN KEY ("region_id") REFERENCES "regions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rollup_days" ADD CONSTRAINT "rollup_days_check_number_fkey" FOREIGN KEY ("check_number") REFERENCES "checks"("number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rollup_days" ADD CONSTRAINT "rollup_days_region_id_fkey" FOREIGN KEY ("region_id") REFERENCES "regions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "status_spans" ADD CONSTRAINT "status_spans_component_id_fkey" FOREIGN KEY ("component_id") REFERENCES "components"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "error_episodes" ADD CONSTRAINT "error_episodes_component_id_fkey" FOREIGN KEY ("component_id") REFERENCES "components"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "error_episodes" ADD CONSTRAINT "error_episodes_check_id_fkey" FOREIGN KEY ("check_id") REFERENCES "checks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident_updates" ADD CONSTRAINT "incident_updates_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incidents"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident_updates" ADD CONSTRAINT "incident_updates_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident_components" ADD CONSTRAINT "incident_components_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incidents"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident_components" ADD CONSTRAINT "incident_components_component_id_fkey" FOREIGN KEY ("component_id") REFERENCES "components"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident_update_components" ADD CONSTRAINT "incident_update_components_update_id_fkey" FOREIGN KEY ("update_id") REFERENCES "incident_updates"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident_update_components" ADD CONSTRAINT "incident_update_components_component_id_fkey" FOREIGN KEY ("component_id") REFERENCES "components"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "maintenances" ADD CONSTRAINT "maintenances_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "maintenance_updates" ADD CONSTRAINT "maintenance_updates_maintenance_id_fkey" FOREIGN KEY ("maintenance_id") REFERENCES "maintenances"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "maintenance_updates" ADD CONSTRAINT "maintenance_updates_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "maintenance_components" ADD CONSTRAINT "maintenance_components_maintenance_id_fkey" FOREIGN KEY ("maintenance_id") REFERENCES "maintenances"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "maintenance_components" ADD CONSTRAINT "maintenance_components_component_id_fkey" FOREIGN KEY ("component_id") REFERENCES "components"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit_entries" ADD CONSTRAINT "audit_entries_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- ---------------------------------------------------------------------------------------------
-- From here on by hand: what Prisma's schema language cannot say.

CREATE EXTENSION IF NOT EXISTS "btree_gist";

-- Singletons.
ALTER TABLE "page_settings" ADD CONSTRAINT "page_settings_one_row" CHECK ("id" = 1);
ALTER TABLE "public_state" ADD CONSTRAINT "public_state_one_row" CHECK ("id" = 1);
INSERT INTO "public_state" ("id", "version") VALUES (1, 1);

-- Catalogue.
ALTER TABLE "components" ADD CONSTRAINT "components_slug_shape" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$');
ALTER TABLE "checks" ADD CONSTRAINT "checks_interval_range" CHECK ("interval_ms" BETWEEN 1000 AND 86400000);
ALTER TABLE "checks" ADD CONSTRAINT "checks_timeout_range" CHECK ("timeout_ms" BETWEEN 100 AND 120000);
ALTER TABLE "checks" ADD CONSTRAINT "checks_slow_range" CHECK ("slow_ms" IS NULL OR "slow_ms" BETWEEN 1 AND 120000);
CREATE UNIQUE INDEX "component_groups_live_name_key" ON "component_groups" ("name") WHERE "archived_at" IS NULL;
CREATE UNIQUE INDEX "checks_live_name_key" ON "checks" ("component_id", "name") WHERE "archived_at" IS NULL;

-- Measuring. A result names an outcome of lib/model/outcome.ts by its code, 0 to 17.
ALTER TABLE "results" ADD CONSTRAINT "results_outcome_range" CHECK ("outcome" BETWEEN 0 AND 17);
ALTER TABLE "check_states" ADD CONSTRAINT "check_states_outcome_range"
  CHECK ("outcome" BETWEEN 0 AND 17 AND "last_outcome" BETWEEN 0 AND 17);
ALTER TABLE "check_states" SET (fillfactor = 50);
ALTER TABLE "rollup_hours" SET (fillfactor = 50);
ALTER TABLE "rollup_days" SET (fillfactor = 50);
ALTER TABLE "rollup_hours" ADD CONSTRAINT "rollup_hours_on_the_hour"
  CHECK (date_trunc('hour', "starts_at" AT TIME ZONE 'UTC') = "starts_at" AT TIME ZONE 'UTC');
ALTER TABLE "rollup_days" ADD CONSTRAINT "rollup_days_on_the_day"
  CHECK (date_trunc('day', "starts_at" AT TIME ZONE 'UTC') = "starts_at" AT TIME ZONE 'UTC');
CREATE INDEX "rollup_hours_starts_at_idx" ON "rollup_hours" ("starts_at");
CREATE INDEX "rollup_days_starts_at_idx" ON "rollup_days" ("starts_at");

-- Adds two counters element by element; a shorter one counts as padded with zeros.
CREATE FUNCTION "add_counts"(a integer[], b integer[]) RETURNS integer[]
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(coalesce(x, 0) + coalesce(y, 0) ORDER BY i)
    FROM unnest(a, b) WITH ORDINALITY AS t(x, y, i)
  $$;
CREATE AGGREGATE "sum_counts"(integer[]) (SFUNC = "add_counts", STYPE = integer[], INITCOND = '{}', PARALLEL = SAFE, COMBINEFUNC = "add_counts");

-- A component has one status at a time, and one span that is still open.
ALTER TABLE "status_spans" ADD CONSTRAINT "status_spans_order" CHECK ("ends_at" IS NULL OR "ends_at" > "starts_at");
ALTER TABLE "status_spans" ADD CONSTRAINT "status_spans_no_overlap"
  EXCLUDE USING gist ("component_id" WITH =, tstzrange("starts_at", "ends_at") WITH &&);
CREATE UNIQUE INDEX "status_spans_open_key" ON "status_spans" ("component_id") WHERE "ends_at" IS NULL;

ALTER TABLE "error_episodes" ADD CONSTRAINT "error_episodes_order" CHECK ("ended_at" IS NULL OR "ended_at" >= "started_at");
ALTER TABLE "error_episodes" ADD CONSTRAINT "error_episodes_outcome_range" CHECK ("outcome" BETWEEN 2 AND 16);
ALTER TABLE "error_episodes" ADD CONSTRAINT "error_episodes_counts" CHECK ("failures" BETWEEN 1 AND "checks");
CREATE UNIQUE INDEX "error_episodes_open_key" ON "error_episodes" ("check_id") WHERE "ended_at" IS NULL;

-- Incidents and maintenance.
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_resolved_has_time"
  CHECK (("status" IN ('resolved', 'postmortem')) = ("resolved_at" IS NOT NULL));
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_order" CHECK ("resolved_at" IS NULL OR "resolved_at" >= "started_at");
CREATE INDEX "incidents_open_idx" ON "incidents" ("started_at") WHERE "resolved_at" IS NULL;
ALTER TABLE "maintenances" ADD CONSTRAINT "maintenances_order" CHECK ("scheduled_until" > "scheduled_for");
ALTER TABLE "maintenances" ADD CONSTRAINT "maintenances_completed_has_time"
  CHECK (("status" = 'completed') = ("completed_at" IS NOT NULL));
CREATE INDEX "maintenances_open_idx" ON "maintenances" ("scheduled_for") WHERE "completed_at" IS NULL;

-- Drained oldest first; the index holds only what is left to do.
CREATE INDEX "outbox_events_pending_idx" ON "outbox_events" ("id") WHERE "processed_at" IS NULL;
