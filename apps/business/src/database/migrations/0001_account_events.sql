CREATE TABLE "account_events_lease" (
	"name" text PRIMARY KEY NOT NULL,
	"holder" text NOT NULL,
	"until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "account_events_handled" (
	"jti" text PRIMARY KEY NOT NULL,
	"handled_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "account_events_set_aside" (
	"jti" text PRIMARY KEY NOT NULL,
	"event" jsonb NOT NULL,
	"error" text NOT NULL,
	"attempts" integer NOT NULL,
	"set_aside_at" timestamp with time zone DEFAULT now() NOT NULL,
	"is_retried" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE INDEX "account_events_handled_by_time" ON "account_events_handled" USING btree ("handled_at");