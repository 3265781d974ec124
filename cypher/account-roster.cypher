// title: Roster links of an account
// purpose: What the supplied roster says of one account: on what basis, how sure, checked when, and from when until when.
// judul: Kaitan akun dengan daftar ASN
// tujuan: Apa kata daftar ASN tentang sebuah akun: dasarnya, seberapa yakin, kapan diperiksa, dan masa berlakunya.
// category: accounts
// parameter: account: text -- id or handle of the account
// column: account: id of the account
// column: link: person or duty
// column: agency: id of the agency; null where none is known
// column: basis: self-declared, confirmed-by-superior or verified; null for a duty account
// column: confidence: low, medium or high, as supplied; null for a duty account
// column: checked_at: day of the last check, ISO date; null where none is known
// column: valid_from: first day of the link, ISO date; null where open
// column: valid_to: last day of the link, ISO date; null where open
// column: sources: source:row of every row that supplied the link
// innocent: Handles change hands and are imitated. A self-declared link nobody checked is a claim; two links contradict
//   each other until somebody has asked.
// wajar: Nama akun berpindah tangan dan ditiru. Kaitan yang dinyatakan sendiri dan belum diperiksa hanyalah
//   pernyataan; dua kaitan saling bertentangan sampai ada yang menanyakannya.
// example: graphwatch query account-roster -p account=x:1

MATCH (a:Account)-[b:BELONGS_TO]->(n:Asn)
WHERE a.id = $account OR a.handle = $account
OPTIONAL MATCH (n)-[:WORKS_AT]->(g:Agency)
RETURN DISTINCT a.id AS account, 'person' AS link, g.id AS agency, b.basis AS basis, b.confidence AS confidence,
       b.checked_at AS checked_at, b.valid_from AS valid_from, b.valid_to AS valid_to, b.sources AS sources
ORDER BY account, coalesce(agency, ''), coalesce(valid_from, ''), coalesce(basis, '')
