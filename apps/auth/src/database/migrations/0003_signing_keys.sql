CREATE TABLE "signing_keys" (
	"kid" text PRIMARY KEY NOT NULL,
	"algorithm" text NOT NULL,
	"public_jwk" jsonb NOT NULL,
	"private_key" "bytea",
	"created_at" timestamp with time zone NOT NULL,
	"signs_from" timestamp with time zone NOT NULL,
	"signs_until" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "signing_keys_private" CHECK (("signing_keys"."private_key" is null) = ("signing_keys"."revoked_at" is not null))
);
--> statement-breakpoint
CREATE INDEX "signing_keys_in_order" ON "signing_keys" USING btree ("algorithm","signs_from");