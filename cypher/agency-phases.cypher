// title: Engagement of agencies by phase
// purpose: Timed interactions of roster accounts of each agency with paslon pages in each phase; below five suppressed.
// judul: Keterlibatan OPD menurut tahapan
// tujuan: Interaksi berwaktu akun pada daftar ASN dari setiap OPD dengan halaman paslon pada setiap tahapan; di bawah
//   lima tidak ditampilkan.
// category: agencies
// column: agency: id of the agency on the roster
// column: name: name of the agency
// column: calendar: id of the calendar
// column: phase: name of the phase; null where suppressed
// column: persons: distinct persons on the roster whose accounts acted; null where suppressed
// column: accounts: distinct accounts; null where suppressed
// column: interactions: interactions with a time of the act; null where suppressed
// column: untimed: interactions of the agency that are in no phase, without a time of the act; null where suppressed, or of
//   one to four persons
// column: suppressed: whether a phase has fewer than five persons or accounts here, so that nothing is shown of the agency
// innocent: An agency of which all acts are without a time is not here; agency-engagement counts these too. Phases differ in length, in how much the campaigns post and in how much was collected.
//   What is forbidden in one phase may be allowed in another; see `graphwatch provisions`.
// wajar: Instansi yang semua tindakannya tanpa waktu tidak ada di sini; agency-engagement menghitungnya juga.
//   Tahapan berbeda lamanya, berbeda banyaknya unggahan kampanye, dan berbeda banyaknya yang dikumpulkan. Yang
//   dilarang pada satu tahapan dapat dibolehkan pada yang lain; lihat `graphwatch provisions`.
// example: graphwatch query agency-phases

MATCH (:Paslon)<-[:SUPPORTS]-(p:Page)-[:PUBLISHED]->(o:Post)<-[i:LIKED|COMMENTED|SHARED|MENTIONED]-(a:Account),
      (a)-[b:BELONGS_TO]->(n:Asn)-[w:WORKS_AT]->(g:Agency), (f:Phase)
WITH i, a, b, n, w, g, f, coalesce(i.at_ms, i.observed_at_ms) AS t,
     i.at_ms IS NOT NULL AND coalesce(i.basis, 'acted') <> 'observed' AS timed
WHERE (NOT timed OR i.at_ms >= f.from_ms AND i.at_ms < f.to_ms)
  AND (t IS NULL OR (b.from_ms IS NULL OR b.from_ms <= t) AND (b.to_ms IS NULL OR b.to_ms > t))
  AND (t IS NULL OR (w.from_ms IS NULL OR w.from_ms <= t) AND (w.to_ms IS NULL OR w.to_ms > t))
WITH g, f, count(DISTINCT CASE WHEN timed THEN n.id END) AS persons,
     count(DISTINCT CASE WHEN timed THEN a.id END) AS accounts,
     count(DISTINCT CASE WHEN timed THEN i.id END) AS interactions,
     count(DISTINCT CASE WHEN NOT timed THEN i.id END) AS untimed,
     count(DISTINCT CASE WHEN NOT timed THEN n.id END) AS of_persons,
     count(DISTINCT CASE WHEN NOT timed THEN a.id END) AS of_accounts
WHERE interactions > 0
// One cell below five hides all of its agency: it could be reckoned from the others and a total.
WITH g, f.calendar AS calendar, min(CASE WHEN persons < accounts THEN persons ELSE accounts END) AS least,
     collect({phase: f.name, starts_ms: f.from_ms, persons: persons, accounts: accounts, acts: interactions,
              untimed: CASE WHEN untimed = 0 OR (of_persons >= 5 AND of_accounts >= 5) THEN untimed ELSE -1 END}) AS cells
UNWIND cells AS cell
WITH DISTINCT g.id AS agency, g.name AS name, calendar AS calendar, least AS least,
     CASE WHEN least >= 5 THEN cell.phase END AS phase, CASE WHEN least >= 5 THEN cell.starts_ms END AS starts_ms,
     CASE WHEN least >= 5 THEN cell.persons END AS persons, CASE WHEN least >= 5 THEN cell.accounts END AS accounts,
     CASE WHEN least >= 5 THEN cell.acts END AS interactions,
     CASE WHEN least >= 5 AND cell.untimed >= 0 THEN cell.untimed END AS untimed
RETURN agency, name, calendar, phase, persons, accounts, interactions, untimed, least < 5 AS suppressed
ORDER BY agency, calendar, coalesce(starts_ms, 0), coalesce(phase, '')
