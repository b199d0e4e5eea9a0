CREATE TABLE "clients" (
	"id" text PRIMARY KEY NOT NULL,
	"grants" jsonb NOT NULL,
	"on_behalf_of_users" boolean DEFAULT false NOT NULL,
	"secret_hash" "bytea",
	"previous_secret_hash" "bytea",
	"previous_secret_until" timestamp with time zone,
	"public_key" jsonb,
	"jwks_url" text,
	"service_account" text,
	"disabled_at" timestamp with time zone,
	"tokens_from" bigint DEFAULT 0 NOT NULL,
	"window_from" timestamp with time zone DEFAULT now() NOT NULL,
	"window_tokens" integer DEFAULT 0 NOT NULL,
	"last_token_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "clients_service_account_unique" UNIQUE("service_account"),
	CONSTRAINT "clients_id" CHECK ("clients"."id" ~ '^[a-z][a-z0-9-]{1,62}$'),
	CONSTRAINT "clients_one_credential" CHECK (num_nonnulls("clients"."secret_hash", "clients"."public_key", "clients"."jwks_url", "clients"."service_account") = 1)
);
--> statement-breakpoint
CREATE TABLE "used_assertions" (
	"client_id" text NOT NULL,
	"id_hash" "bytea" NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "used_assertions_client_id_id_hash_pk" PRIMARY KEY("client_id","id_hash")
);
--> statement-breakpoint
CREATE INDEX "used_assertions_to_remove" ON "used_assertions" USING btree ("expires_at");