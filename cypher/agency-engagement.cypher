// title: Engagement by agency
// purpose: Interactions of roster accounts of each agency with the pages of each paslon; fewer than five are suppressed.
// judul: Keterlibatan menurut OPD
// tujuan: Interaksi akun pada daftar ASN dari setiap OPD dengan halaman setiap paslon; di bawah lima tidak
//   ditampilkan.
// category: agencies
// column: agency: id of the agency on the roster
// column: name: name of the agency
// column: paslon: id of the paslon; null where suppressed
// column: number: number of the paslon drawn by KPU; null where suppressed
// column: persons: distinct persons on the roster whose accounts acted; null where suppressed
// column: accounts: distinct accounts; null where suppressed
// column: interactions: interactions, timed or not; null where suppressed
// column: untimed: of these, without a time of the act; null where suppressed
// column: suppressed: whether a paslon has fewer than five persons or accounts here, so that nothing is shown of the agency
// innocent: Acting on a post is not support, and an agency does not act: its staff may do so for as many reasons as there
//   are persons. Whether somebody worked there at an act without a time is not known. Agencies differ in size and in how many of their accounts are known.
// wajar: Menanggapi unggahan bukan dukungan, dan instansi tidak bertindak: pegawainya dapat melakukannya dengan
//   alasan masing-masing. Apakah seseorang bekerja di sana saat bertindak tanpa waktu tidak diketahui. Instansi
//   berbeda besarnya dan berbeda pula berapa akunnya yang diketahui.
// example: graphwatch query agency-engagement

MATCH (s:Paslon)<-[:SUPPORTS]-(p:Page)-[:PUBLISHED]->(o:Post)<-[i:LIKED|COMMENTED|SHARED|MENTIONED]-(a:Account),
      (a)-[b:BELONGS_TO]->(n:Asn)-[w:WORKS_AT]->(g:Agency)
WITH s, i, a, b, n, w, g, coalesce(i.at_ms, i.observed_at_ms) AS t
WHERE (t IS NULL OR (b.from_ms IS NULL OR b.from_ms <= t) AND (b.to_ms IS NULL OR b.to_ms > t))
  AND (t IS NULL OR (w.from_ms IS NULL OR w.from_ms <= t) AND (w.to_ms IS NULL OR w.to_ms > t))
WITH g, s, count(DISTINCT n.id) AS persons, count(DISTINCT a.id) AS accounts, count(DISTINCT i.id) AS interactions,
     count(DISTINCT CASE WHEN i.at_ms IS NOT NULL AND coalesce(i.basis, 'acted') <> 'observed' THEN i.id END) AS timed
// One cell below five hides all of its agency: it could be reckoned from the others and a total.
WITH g, min(CASE WHEN persons < accounts THEN persons ELSE accounts END) AS least,
     collect({paslon: s.id, number: s.number, persons: persons, accounts: accounts, acts: interactions,
              untimed: interactions - timed}) AS cells
UNWIND cells AS cell
RETURN DISTINCT g.id AS agency, g.name AS name,
       CASE WHEN least >= 5 THEN cell.paslon END AS paslon, CASE WHEN least >= 5 THEN cell.number END AS number,
       CASE WHEN least >= 5 THEN cell.persons END AS persons, CASE WHEN least >= 5 THEN cell.accounts END AS accounts,
       CASE WHEN least >= 5 THEN cell.acts END AS interactions,
       CASE WHEN least >= 5 THEN cell.untimed END AS untimed, least < 5 AS suppressed
ORDER BY agency, coalesce(paslon, '')
