CREATE TABLE "cut_offs" (
	"kind" text NOT NULL,
	"id" text NOT NULL,
	"before" bigint NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"written_by" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	CONSTRAINT "cut_offs_kind_id_pk" PRIMARY KEY("kind","id"),
	CONSTRAINT "cut_offs_kind" CHECK ("cut_offs"."kind" in ('client', 'stale-user', 'stale-role'))
);
--> statement-breakpoint
CREATE INDEX "cut_offs_to_remove" ON "cut_offs" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "cut_offs_by_transaction" ON "cut_offs" USING btree ("written_by");