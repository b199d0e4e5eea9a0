CREATE TABLE "mails" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"kind" text NOT NULL,
	"address" text NOT NULL,
	"user_id" uuid,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "one_time_tokens" (
	"purpose" text NOT NULL,
	"subject" text NOT NULL,
	"digest" "bytea" NOT NULL,
	"user_id" uuid,
	"email" text NOT NULL,
	"password_hash" text,
	"mail_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "one_time_tokens_purpose_subject_pk" PRIMARY KEY("purpose","subject"),
	CONSTRAINT "one_time_tokens_digest_unique" UNIQUE("digest"),
	CONSTRAINT "one_time_tokens_subject" CHECK (("one_time_tokens"."purpose" = 'registration') = ("one_time_tokens"."user_id" is null)),
	CONSTRAINT "one_time_tokens_password" CHECK (("one_time_tokens"."purpose" = 'registration') = ("one_time_tokens"."password_hash" is not null))
);
--> statement-breakpoint
ALTER TABLE "mails" ADD CONSTRAINT "mails_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "one_time_tokens" ADD CONSTRAINT "one_time_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "mails_to_send" ON "mails" USING btree ("next_attempt_at");--> statement-breakpoint
CREATE INDEX "mails_to_address" ON "mails" USING btree ("address");--> statement-breakpoint
CREATE INDEX "mails_of_user" ON "mails" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "one_time_tokens_of_user" ON "one_time_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "one_time_tokens_to_remove" ON "one_time_tokens" USING btree ("expires_at");