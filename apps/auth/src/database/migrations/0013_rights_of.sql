-- The roles of a user, what each allows, and the latest cut-off of one of them. A function, as PostgreSQL prepares all of a
-- statement's subqueries each time it runs, and a function only when it is called: most users have no role.
CREATE FUNCTION "rights_of"("holder" uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (
		SELECT jsonb_build_object('roles', jsonb_agg(jsonb_build_array(r.name, r.scopes)), 'before', max(c.before))
		FROM user_roles ur
		JOIN roles r ON r.name = ur.role
		LEFT JOIN cut_offs c ON c.kind = 'stale-role' AND c.id = r.name
		WHERE ur.user_id = holder
	);
END
$$;
