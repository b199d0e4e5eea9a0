-- What a hash costs to check: the hash without its salt and its key. It tells which costs imported hashes have.
CREATE FUNCTION "password_cost"("hash" text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE
		WHEN "hash" ~ '\$2[aby]\$\d\d\$' THEN substring("hash" from '\$2[aby]\$\d\d\$')
		WHEN "hash" ~ '^scrypt\$' THEN regexp_replace("hash", '^scrypt\$(\d+)\$.*\$(\d+\$\d+)\$[^$]*$', 'scrypt$\1$\2')
		WHEN "hash" ~ '^\$[PH]\$' THEN left("hash", 4)
		WHEN "hash" ~ '^!' THEN '!'
		ELSE regexp_replace("hash", '\$[^$]*\$[^$]*$', '')
	END
$$;
--> statement-breakpoint
CREATE TABLE "unknown_logins" (
	"network" text PRIMARY KEY NOT NULL,
	"attempts" integer DEFAULT 1 NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "one_time_tokens" ADD COLUMN "tries" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "audience" text;--> statement-breakpoint
CREATE INDEX "unknown_logins_to_record" ON "unknown_logins" USING btree ("since");--> statement-breakpoint
CREATE INDEX "users_by_password_cost" ON "users" USING btree (password_cost("password_hash")) WHERE "users"."password_hash" not like '$argon2id$v=19$m=19456,t=2,p=1$%';