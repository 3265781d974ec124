// title: Interactions of roster accounts
// purpose: Single interactions of accounts on the roster with posts of paslon pages, in order of time, with their sources.
// category: engagement
// parameter: paslon: text = "" -- id of a paslon; empty for all
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
// column: interaction: id of the interaction
// innocent: Acting on a post is not support: people contradict, ask, report, or look after the office's account.
//   A link to the roster can be wrong or out of date; only interactions while the link was in force are here.
// example: graphwatch query roster-interactions -p paslon=01

MATCH (s:Paslon)<-[:SUPPORTS]-(p:Page)-[:PUBLISHED]->(o:Post)<-[i:LIKED|COMMENTED|SHARED|MENTIONED]-(a:Account),
      (a)-[b:BELONGS_TO]->(:Asn)
WITH s, p, o, i, a, b
WHERE ($paslon = '' OR s.id = $paslon)
  AND coalesce(i.at_ms >= b.from_ms, b.from_ms IS NULL) AND coalesce(i.at_ms < b.to_ms, b.to_ms IS NULL)
RETURN DISTINCT a.id AS account, a.handle AS handle, b.basis AS basis, i.kind AS kind, i.at AS at, i.at_ms AS at_ms,
       o.id AS post, o.url AS url, p.id AS page, p.class AS class, s.id AS paslon, i.text AS text,
       i.sources AS sources, i.id AS interaction
ORDER BY coalesce(at_ms, 9223372036854775807), interaction, page, paslon, coalesce(basis, '')
LIMIT $limit
