-- orders: newest
INSERT INTO "app"."orders" AS t ("id", "shop", "total", "note", "tags", "data", "kind", "version", "gone")
SELECT c1, c2, c3, c4, c5::varchar(3)[], c6::jsonb, c7, c8, c9
FROM (SELECT unnest($1::integer[]) AS c1, unnest($2::text[]) AS c2, unnest($3::numeric[]) AS c3, unnest($4::text[]) AS c4, unnest($5::text[]) AS c5, unnest($6::text[]) AS c6, unnest($7::text[]) AS c7, unnest($8::bigint[]) AS c8, unnest($9::boolean[]) AS c9) AS s
ON CONFLICT ("shop", "id") DO UPDATE SET "total" = excluded."total", "note" = excluded."note", "tags" = excluded."tags", "data" = excluded."data", "kind" = excluded."kind", "version" = excluded."version", "gone" = excluded."gone"
WHERE t."version" < excluded."version";

-- orders: delete
DELETE FROM "app"."orders" AS t
USING unnest($1::text[], $2::integer[], $3::bigint[]) AS d(d1, d2, d3)
WHERE t."shop" IS NOT DISTINCT FROM d.d1 AND t."id" = d.d2 AND t."version" < d.d3;

-- orders: remember deletions
WITH held (h1, h2) AS (
  INSERT INTO "nomnom_deleted_app_orders" AS t ("shop", "id", "version", "deleted_at")
  SELECT c1, c2, c3, now()
  FROM unnest($1::text[], $2::integer[], $3::bigint[]) AS s(c1, c2, c3)
  ON CONFLICT ("shop", "id") DO UPDATE
  SET "version" = excluded."version", "deleted_at" = excluded."deleted_at"
  WHERE t."version" < excluded."version"
  RETURNING t."shop", t."id"
)
SELECT n::int AS n
FROM unnest($1::text[], $2::integer[]) WITH ORDINALITY AS sent(c1, c2, n)
WHERE NOT EXISTS (SELECT FROM held WHERE held.h1 IS NOT DISTINCT FROM sent.c1 AND held.h2 = sent.c2)
ORDER BY n;

-- orders: deletions that come too late
SELECT d.n::int AS n
FROM "app"."orders" AS t,
  unnest($1::text[], $2::integer[], $3::bigint[]) WITH ORDINALITY AS d(d1, d2, d3, n)
WHERE t."shop" IS NOT DISTINCT FROM d.d1 AND t."id" = d.d2 AND NOT (t."version" < d.d3)
FOR UPDATE OF t;

-- orders: forget deletions
DELETE FROM "nomnom_deleted_app_orders" AS t
USING unnest($1::text[], $2::integer[]) AS s(c1, c2)
WHERE t."shop" IS NOT DISTINCT FROM s.c1 AND t."id" = s.c2;

-- keep: keep
INSERT INTO "keep" AS t ("id", "note")
SELECT c1, c2
FROM (SELECT unnest($1::integer[]) AS c1, unnest($2::text[]) AS c2) AS s
ON CONFLICT ("id") DO NOTHING;

-- replaced: replace
INSERT INTO "replaced" AS t ("id", "note")
SELECT c1, c2
FROM (SELECT unnest($1::integer[]) AS c1, unnest($2::text[]) AS c2) AS s
ON CONFLICT ("id") DO UPDATE SET "note" = excluded."note"
WHERE (t."note") IS DISTINCT FROM (excluded."note");

-- replaced: delete
DELETE FROM "replaced" AS t
USING unnest($1::integer[]) AS d(d1)
WHERE t."id" = d.d1;

-- merged: merge
INSERT INTO "merged" AS t ("id", "note", "count")
SELECT c1, c2, c3
FROM (SELECT unnest($1::integer[]) AS c1, unnest($2::text[]) AS c2, unnest($3::integer[]) AS c3) AS s
ON CONFLICT ("id") DO UPDATE SET "note" = coalesce(excluded."note", t."note"), "count" = excluded."count"
WHERE (t."note", t."count") IS DISTINCT FROM (coalesce(excluded."note", t."note"), excluded."count");

-- added: add
INSERT INTO "added" AS t ("day", "revenue", "orders", "shop")
SELECT c1, c2, c3::integer, c4
FROM (SELECT unnest($1::date[]) AS c1, unnest($2::numeric[]) AS c2, unnest($3::numeric[]) AS c3, unnest($4::text[]) AS c4) AS s
ON CONFLICT ("day") DO UPDATE SET "revenue" = t."revenue" + excluded."revenue", "orders" = t."orders" + excluded."orders", "shop" = excluded."shop";

-- only_key: replace
INSERT INTO "only_key" AS t ("id")
SELECT c1
FROM (SELECT unnest($1::integer[]) AS c1) AS s
ON CONFLICT ("id") DO NOTHING;

-- order_lines: newest
INSERT INTO "order_lines" AS t ("sku", "count", "shop", "id", "version")
SELECT c1, c2, c3, c4, c5
FROM (SELECT unnest($1::text[]) AS c1, unnest($2::integer[]) AS c2, unnest($3::text[]) AS c3, unnest($4::integer[]) AS c4, unnest($5::bigint[]) AS c5) AS s
ON CONFLICT ("shop", "id", "sku") DO UPDATE SET "count" = excluded."count", "version" = excluded."version"
WHERE t."version" < excluded."version";

-- order_lines: prune
WITH stale (k1, k2, k3) AS MATERIALIZED (
  SELECT o."shop", o."id", o."sku"
  FROM unnest($1::text[], $2::integer[], $3::bigint[]) AS p(p1, p2, p3)
  CROSS JOIN LATERAL (
    SELECT * FROM "order_lines" AS t WHERE t."shop" IS NOT DISTINCT FROM p.p1 AND t."id" = p.p2 AND t."version" < p.p3 OFFSET 0
  ) AS o
  EXCEPT SELECT * FROM unnest($4::text[], $5::integer[], $6::text[])
)
DELETE FROM "order_lines" AS t
USING stale AS s, unnest($1::text[], $2::integer[], $3::bigint[]) AS p(p1, p2, p3)
WHERE t."shop" IS NOT DISTINCT FROM s.k1 AND t."id" = s.k2 AND t."sku" = s.k3 AND t."shop" IS NOT DISTINCT FROM p.p1 AND t."id" = p.p2 AND t."version" < p.p3;
