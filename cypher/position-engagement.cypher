// title: Engagement by class of position
// purpose: Interactions of roster accounts with paslon pages by class of position; fewer than five are suppressed.
// judul: Keterlibatan menurut kelompok jabatan
// tujuan: Interaksi akun pada daftar ASN dengan halaman paslon menurut kelompok jabatan; di bawah lima tidak
//   ditampilkan.
// category: agencies
// column: position_class: functional, executive, supervisor, administrator, head-of-district, senior-leader; null where suppressed
// column: persons: distinct persons on the roster whose accounts acted; null where suppressed
// column: accounts: distinct accounts; null where suppressed
// column: interactions: interactions, timed or not; null where suppressed
// column: untimed: of these, without a time of the act; null where suppressed
// column: suppressed: whether a class has fewer than five persons or accounts, so that nothing is shown of any
// innocent: Classes differ in size, and in how many of their accounts are known; who leads has more to answer to, and
//   more reason to look after the office's account. Acting on a post is not support.
// wajar: Kelompok jabatan berbeda besarnya dan berbeda pula berapa akunnya yang diketahui; yang memimpin lebih
//   banyak menjawab, dan lebih banyak alasan mengurus akun kantor. Menanggapi unggahan bukan dukungan.
// example: graphwatch query position-engagement

MATCH (:Paslon)<-[:SUPPORTS]-(p:Page)-[:PUBLISHED]->(o:Post)<-[i:LIKED|COMMENTED|SHARED|MENTIONED]-(a:Account),
      (a)-[b:BELONGS_TO]->(n:Asn)-[w:WORKS_AT]->(:Agency)
WITH i, a, b, n, w, coalesce(i.at_ms, i.observed_at_ms) AS t
WHERE w.position_class IS NOT NULL
  AND (t IS NULL OR (b.from_ms IS NULL OR b.from_ms <= t) AND (b.to_ms IS NULL OR b.to_ms > t))
  AND (t IS NULL OR (w.from_ms IS NULL OR w.from_ms <= t) AND (w.to_ms IS NULL OR w.to_ms > t))
WITH w.position_class AS position_class, count(DISTINCT n.id) AS persons, count(DISTINCT a.id) AS accounts,
     count(DISTINCT i.id) AS interactions, count(DISTINCT CASE WHEN i.at_ms IS NOT NULL AND coalesce(i.basis, 'acted') <> 'observed' THEN i.id END) AS timed
// One cell below five hides all: it could be reckoned from the others and a total.
WITH min(CASE WHEN persons < accounts THEN persons ELSE accounts END) AS least,
     collect({of: position_class, persons: persons, accounts: accounts, acts: interactions,
              untimed: interactions - timed}) AS cells
UNWIND cells AS cell
WITH DISTINCT CASE WHEN least >= 5 THEN cell.of END AS position_class, CASE WHEN least >= 5 THEN cell.persons END AS persons,
     CASE WHEN least >= 5 THEN cell.accounts END AS accounts, CASE WHEN least >= 5 THEN cell.acts END AS interactions,
     CASE WHEN least >= 5 THEN cell.untimed END AS untimed, least < 5 AS suppressed
RETURN position_class, persons, accounts, interactions, untimed, suppressed
ORDER BY coalesce(position_class, '')
