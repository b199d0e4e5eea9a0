CREATE TABLE "audit_events" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"time" timestamp with time zone DEFAULT now() NOT NULL,
	"event" text NOT NULL,
	"outcome" text NOT NULL,
	"user_id" uuid,
	"session_id" uuid,
	"address" text,
	"user_agent" text
);
--> statement-breakpoint
CREATE TABLE "revocations" (
	"kind" text NOT NULL,
	"id" text NOT NULL,
	"before" bigint,
	"revoked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"written_by" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	CONSTRAINT "revocations_kind_id_pk" PRIMARY KEY("kind","id"),
	CONSTRAINT "revocations_kind" CHECK ("revocations"."kind" in ('session', 'user', 'key')),
	CONSTRAINT "revocations_before" CHECK (("revocations"."kind" = 'user') = ("revocations"."before" is not null))
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"user_id" uuid NOT NULL,
	"seed" "bytea" NOT NULL,
	"counter" bigint DEFAULT 0 NOT NULL,
	"last_used_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"user_agent" text,
	"ip" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"remove_on" date GENERATED ALWAYS AS ((expires_at at time zone 'UTC')::date + 2) STORED NOT NULL
);
--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_events_of_user" ON "audit_events" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "revocations_to_remove" ON "revocations" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "revocations_by_transaction" ON "revocations" USING btree ("written_by");--> statement-breakpoint
CREATE INDEX "sessions_of_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_to_remove" ON "sessions" USING btree ("remove_on");--> statement-breakpoint
-- Room beside each row for its next version, so that a refresh touches no index (a HOT update).
ALTER TABLE "sessions" SET (fillfactor = 80);
