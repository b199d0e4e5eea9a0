ALTER TABLE "cut_offs" DROP CONSTRAINT "cut_offs_kind";--> statement-breakpoint
ALTER TABLE "cut_offs" ADD COLUMN "client" text;--> statement-breakpoint
ALTER TABLE "cut_offs" ADD COLUMN "moved_by" "xid8";--> statement-breakpoint
ALTER TABLE "cut_offs" ADD COLUMN "own_before" bigint;--> statement-breakpoint
ALTER TABLE "cut_offs" ADD CONSTRAINT "cut_offs_client" CHECK (("cut_offs"."kind" = 'token') = ("cut_offs"."client" is not null));--> statement-breakpoint
ALTER TABLE "cut_offs" ADD CONSTRAINT "cut_offs_kind" CHECK ("cut_offs"."kind" in ('client', 'stale-user', 'stale-role', 'token'));