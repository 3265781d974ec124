// title: Interactions of roster accounts
// purpose: Single interactions of roster accounts with posts of paslon pages, in order of time, those without a time last.
// judul: Interaksi akun pada daftar ASN
// tujuan: Setiap interaksi akun pada daftar ASN dengan unggahan halaman paslon, menurut urutan waktu, yang tanpa
//   waktu terakhir.
// category: engagement
// parameter: paslon: text = "" -- id of a paslon; empty for all
// parameter: agency: text = "" -- id of an agency; empty for all
// parameter: position: text = "" -- class of position, for example head-of-district; empty for all
// parameter: phase: text = "" -- name of a phase in which the account is known to have acted; empty for all
// parameter: kind: text = "" -- LIKED, COMMENTED, SHARED or MENTIONED; empty for all
// parameter: time_basis: text = "" -- acted, derived, observed or untimed; empty for all
// parameter: limit: integer = 1000 -- most rows to return
// column: account: id of the account
// column: handle: its public handle
// column: basis: why the account is held to be a civil servant's, as supplied
// column: kind: LIKED, COMMENTED, SHARED or MENTIONED
// column: at: time as written in the source; null where unknown
// column: at_ms: time in UTC epoch milliseconds; null where unknown, and then last
// column: post: id of the post
// column: url: address of the post
// column: page: id of the page that published it
// column: class: official, campaign_team, volunteers, party or media
// column: paslon: id of the paslon that the page campaigns for
// column: text: text of the comment or share
// column: sources: source:row of every row that supplied it
// column: interaction: id of the interaction; it stands in several rows where page, paslon or basis are several
// column: time_basis: acted; derived, from a native id; observed, when somebody looked and not later than which; untimed
// column: validity: valid; or unknown, where the link to the roster has an end and nobody knows when the account acted
// column: agency: id of the agency at that time; of several the first
// column: agency_name: its name
// column: position: position at that agency, as the roster says
// column: position_class: functional, executive, supervisor, administrator, head-of-district or senior-leader
// column: phase: the shortest phase in which the account is known to have acted; null where only a look is known
// innocent: Acting on a post is not support: people contradict, ask, report, or look after the office's account.
//   A link to the roster can be wrong or out of date; what lies outside of its days is not here.
// wajar: Menanggapi unggahan bukan dukungan: orang membantah, bertanya, melapor, atau mengurus akun kantor.
//   Kaitan dengan daftar dapat keliru atau kedaluwarsa; yang di luar masa berlakunya tidak ada di sini.
// example: graphwatch query roster-interactions -p paslon=01

MATCH (s:Paslon)<-[:SUPPORTS]-(p:Page)-[:PUBLISHED]->(o:Post)<-[i:LIKED|COMMENTED|SHARED|MENTIONED]-(a:Account),
      (a)-[b:BELONGS_TO]->(n:Asn)
WITH s, p, o, i, a, b, n, coalesce(i.at_ms, i.observed_at_ms) AS t,
     CASE WHEN i.at_ms IS NULL THEN 'untimed' ELSE coalesce(i.basis, 'acted') END AS time_basis
WHERE ($paslon = '' OR s.id = $paslon) AND ($kind = '' OR i.kind = $kind)
  AND ($time_basis = '' OR time_basis = $time_basis)
  AND (t IS NULL OR (b.from_ms IS NULL OR b.from_ms <= t) AND (b.to_ms IS NULL OR b.to_ms > t))
OPTIONAL MATCH (n)-[v:WORKS_AT]->(h:Agency)
WITH s, p, o, i, a, b, n, t, time_basis,
     min(CASE WHEN t IS NULL OR (v.from_ms IS NULL OR v.from_ms <= t) AND (v.to_ms IS NULL OR v.to_ms > t)
              THEN h.id END) AS agency
OPTIONAL MATCH (n)-[w:WORKS_AT]->(g:Agency)
WITH s, p, o, i, a, b, t, time_basis, agency,
     CASE WHEN g.id = agency AND (t IS NULL OR (w.from_ms IS NULL OR w.from_ms <= t)
               AND (w.to_ms IS NULL OR w.to_ms > t)) THEN w.position END AS held,
     CASE WHEN g.id = agency AND (t IS NULL OR (w.from_ms IS NULL OR w.from_ms <= t)
               AND (w.to_ms IS NULL OR w.to_ms > t)) THEN w.position_class END AS held_class,
     CASE WHEN g.id = agency THEN g.name END AS called
WITH s, p, o, i, a, b, t, time_basis, agency, max(called) AS agency_name, max(held) AS position,
     max(held_class) AS position_class
OPTIONAL MATCH (f:Phase)
WITH s, p, o, i, a, b, t, time_basis, agency, agency_name, position, position_class,
     min(CASE WHEN time_basis <> 'observed' AND f.from_ms <= i.at_ms AND f.to_ms > i.at_ms
              THEN f.to_ms - f.from_ms END) AS brief
OPTIONAL MATCH (q:Phase)
WITH s, p, o, i, a, b, t, time_basis, agency, agency_name, position, position_class,
     min(CASE WHEN q.to_ms - q.from_ms = brief AND q.from_ms <= i.at_ms AND q.to_ms > i.at_ms THEN q.name END) AS phase
WITH s, p, o, i, a, b, t, time_basis, agency, agency_name, position, position_class, phase
WHERE ($agency = '' OR agency = $agency) AND ($position = '' OR position_class = $position)
  AND ($phase = '' OR phase = $phase)
RETURN DISTINCT a.id AS account, a.handle AS handle, b.basis AS basis, i.kind AS kind, i.at AS at, i.at_ms AS at_ms,
       o.id AS post, o.url AS url, p.id AS page, p.class AS class, s.id AS paslon, i.text AS text,
       i.sources AS sources, i.id AS interaction, time_basis AS time_basis,
       CASE WHEN t IS NULL AND (b.from_ms IS NOT NULL OR b.to_ms IS NOT NULL) THEN 'unknown' ELSE 'valid' END AS validity,
       agency AS agency, agency_name AS agency_name, position AS position, position_class AS position_class,
       phase AS phase
ORDER BY coalesce(at_ms, 9223372036854775807), interaction, page, paslon, coalesce(basis, ''), coalesce(agency, ''),
         coalesce(position, '')
LIMIT $limit
