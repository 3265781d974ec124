// title: Roster accounts by time of day
// purpose: Timed interactions of all roster accounts with paslon pages per quarter of the day in WIB; below five suppressed.
// judul: Akun pada daftar ASN menurut waktu
// tujuan: Interaksi berwaktu semua akun pada daftar ASN dengan halaman paslon per seperempat hari dalam WIB; di bawah
//   lima tidak ditampilkan.
// category: time
// column: first_hour: first hour of the quarter of the day in WIB: 0, 6, 12 or 18; null where suppressed
// column: persons: distinct persons on the roster whose accounts acted; null where suppressed
// column: accounts: distinct accounts; null where suppressed
// column: interactions: interactions; null where suppressed
// column: suppressed: whether a quarter has fewer than five persons or accounts, so that none is shown
// innocent: Acts without a time of their own, or one known to the day only, are in no quarter. Everyone looks at a telephone in breaks; shifts, field work and other time zones make office hours of their own.
// wajar: Tindakan tanpa waktunya sendiri, atau yang hanya diketahui harinya, tidak masuk ke bagian hari mana pun.
//   Semua orang melihat telepon saat istirahat; kerja gilir, kerja lapangan, dan zona waktu lain punya jam
//   kantornya sendiri.
// example: graphwatch query roster-by-hour

MATCH (:Paslon)<-[:SUPPORTS]-(p:Page)-[:PUBLISHED]->(o:Post)<-[i:LIKED|COMMENTED|SHARED|MENTIONED]-(a:Account),
      (a)-[b:BELONGS_TO]->(n:Asn)
WITH i, a, b, n
WHERE coalesce(i.basis, 'acted') <> 'observed' AND coalesce(i.precision_ms, 0) <= 3600000
  AND i.at_ms >= coalesce(b.from_ms, -9007199254740991) AND i.at_ms < coalesce(b.to_ms, 9007199254740991)
WITH (i.at_ms + 25200000) / 21600000 % 4 * 6 AS hour, count(DISTINCT n.id) AS persons,
     count(DISTINCT a.id) AS accounts, count(DISTINCT i.id) AS interactions
WITH min(CASE WHEN persons < accounts THEN persons ELSE accounts END) AS least,
     collect({hour: hour, persons: persons, accounts: accounts, acts: interactions}) AS cells
UNWIND cells AS cell
RETURN DISTINCT CASE WHEN least >= 5 THEN cell.hour END AS first_hour,
       CASE WHEN least >= 5 THEN cell.persons END AS persons, CASE WHEN least >= 5 THEN cell.accounts END AS accounts,
       CASE WHEN least >= 5 THEN cell.acts END AS interactions, least < 5 AS suppressed
ORDER BY coalesce(first_hour, 0)
