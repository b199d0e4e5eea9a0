-- The record of security events is only added to. A deletion has to say for how long events are kept, at least a day,
-- and takes none that is younger: that is what the removal of old ones does, and nothing by accident.
CREATE FUNCTION "audit_events_are_kept"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	"kept_for" interval := make_interval(secs => nullif(current_setting('signet.audit_retention_seconds', true), '')::int);
BEGIN
	IF TG_OP = 'DELETE' AND OLD."time" < now() - greatest("kept_for", interval '1 day') AND "kept_for" IS NOT NULL THEN
		RETURN OLD;
	END IF;
	RAISE EXCEPTION 'audit_events is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER "audit_events_append_only" BEFORE UPDATE OR DELETE ON "audit_events"
	FOR EACH ROW EXECUTE FUNCTION "audit_events_are_kept"();
--> statement-breakpoint
CREATE TRIGGER "audit_events_not_emptied" BEFORE TRUNCATE ON "audit_events"
	FOR EACH STATEMENT EXECUTE FUNCTION "audit_events_are_kept"();
