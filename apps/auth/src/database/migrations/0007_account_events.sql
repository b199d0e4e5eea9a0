CREATE TABLE "account_events" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "account_events_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"jti" uuid DEFAULT gen_random_uuid() NOT NULL,
	"client_id" text NOT NULL,
	"type" text NOT NULL,
	"user_id" uuid,
	"session_id" uuid,
	"claims" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"txn" uuid NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"waits_since" timestamp with time zone DEFAULT now() NOT NULL,
	"written_by" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"set_aside_at" timestamp with time zone,
	"set_aside_because" text,
	"set_aside_detail" text,
	CONSTRAINT "account_events_jti_unique" UNIQUE("jti")
);
--> statement-breakpoint
CREATE TABLE "erasure_receipts" (
	"user_id" uuid NOT NULL,
	"client_id" text NOT NULL,
	"jti" uuid NOT NULL,
	"erased_at" timestamp with time zone DEFAULT now() NOT NULL,
	"told_at" timestamp with time zone,
	"confirmed_at" timestamp with time zone,
	"error" text,
	"reported_overdue_at" timestamp with time zone,
	CONSTRAINT "erasure_receipts_user_id_client_id_pk" PRIMARY KEY("user_id","client_id")
);
--> statement-breakpoint
CREATE TABLE "event_streams" (
	"client_id" text PRIMARY KEY NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"events_requested" text[],
	"description" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"polled_at" timestamp with time zone,
	"verification_asked_at" timestamp with time zone,
	CONSTRAINT "event_streams_id_unique" UNIQUE("id")
);
--> statement-breakpoint
ALTER TABLE "account_events" ADD CONSTRAINT "account_events_client_id_event_streams_client_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."event_streams"("client_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "account_events_to_deliver" ON "account_events" USING btree ("client_id","seq") WHERE "account_events"."set_aside_at" is null;--> statement-breakpoint
CREATE INDEX "account_events_set_aside" ON "account_events" USING btree ("set_aside_at") WHERE "account_events"."set_aside_at" is not null;--> statement-breakpoint
CREATE INDEX "account_events_by_transaction" ON "account_events" USING btree ("written_by");--> statement-breakpoint
CREATE INDEX "account_events_of_user" ON "account_events" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "erasure_receipts_by_event" ON "erasure_receipts" USING btree ("jti");--> statement-breakpoint
CREATE INDEX "erasure_receipts_by_time" ON "erasure_receipts" USING btree ("erased_at","user_id");--> statement-breakpoint
CREATE INDEX "erasure_receipts_open" ON "erasure_receipts" USING btree ("erased_at") WHERE "erasure_receipts"."confirmed_at" is null;