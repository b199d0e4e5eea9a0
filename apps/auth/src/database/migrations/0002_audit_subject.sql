ALTER TABLE "audit_events" ADD COLUMN "subject" text;--> statement-breakpoint
CREATE INDEX "audit_events_by_time" ON "audit_events" USING btree ("time");