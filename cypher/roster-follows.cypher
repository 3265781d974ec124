// title: Follows of roster accounts
// purpose: Single follows of paslon pages, and joined channels, by accounts on the roster, in order of time.
// judul: Mengikuti oleh akun pada daftar ASN
// tujuan: Setiap tindakan akun pada daftar ASN mengikuti halaman paslon atau bergabung dengan saluran, menurut urutan
//   waktu.
// category: engagement
// parameter: limit: integer = 1000 -- most rows to return
// column: account: id of the account
// column: handle: its public handle
// column: basis: why the account is held to be a civil servant's, as supplied
// column: page: id of the page
// column: class: official, campaign_team, volunteers, party or media
// column: paslon: id of the paslon that the page campaigns for
// column: at_ms: time in UTC epoch milliseconds; null where unknown, and then last
// column: observed_at_ms: when it was seen or collected, UTC epoch milliseconds; null where unknown
// column: sources: source:row of every row that supplied it
// column: interaction: id of the interaction
// column: time_basis: acted; derived, from a native id; observed, when somebody looked and not later than which; untimed
// column: validity: valid; or unknown, where the link to the roster has an end and nobody knows since when it is followed
// innocent: Following is reading: people follow all pairs to be informed, and some because their work asks for it.
//   A follow from years before the candidacy says nothing of the election.
// wajar: Mengikuti adalah membaca: orang mengikuti semua pasangan untuk mendapat kabar, dan sebagian karena
//   pekerjaannya. Pengikutan bertahun-tahun sebelum pencalonan tidak mengatakan apa pun tentang pemilihan.
// example: graphwatch query roster-follows

MATCH (s:Paslon)<-[:SUPPORTS]-(p:Page)<-[i:FOLLOWED]-(a:Account)-[b:BELONGS_TO]->(:Asn)
WITH s, p, i, a, b, coalesce(i.at_ms, i.observed_at_ms) AS t
WHERE t IS NULL OR (b.from_ms IS NULL OR b.from_ms <= t) AND (b.to_ms IS NULL OR b.to_ms > t)
RETURN DISTINCT a.id AS account, a.handle AS handle, b.basis AS basis, p.id AS page, p.class AS class,
       s.id AS paslon, i.at_ms AS at_ms, i.observed_at_ms AS observed_at_ms, i.sources AS sources,
       i.id AS interaction, CASE WHEN i.at_ms IS NULL THEN 'untimed' ELSE coalesce(i.basis, 'acted') END AS time_basis,
       CASE WHEN t IS NULL AND (b.from_ms IS NOT NULL OR b.to_ms IS NOT NULL) THEN 'unknown' ELSE 'valid' END AS validity
ORDER BY coalesce(at_ms, 9223372036854775807), interaction, paslon, coalesce(basis, '')
LIMIT $limit
