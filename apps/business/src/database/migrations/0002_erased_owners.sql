CREATE TABLE "erased_owners" (
	"owner_id" text PRIMARY KEY NOT NULL,
	"erased_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "erased_owners_by_time" ON "erased_owners" USING btree ("erased_at");