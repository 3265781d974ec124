// title: Interactions by weekday
// purpose: Timed interactions with posts per day of the week in WIB (UTC+7) and kind, as totals.
// judul: Interaksi menurut hari dalam pekan
// tujuan: Interaksi berwaktu dengan unggahan per hari dalam pekan (WIB) dan menurut jenis, sebagai jumlah.
// category: time
// column: weekday: 1 is Monday, 7 Sunday, in WIB; null where no time of the act is known so precisely
// column: kind: LIKED, COMMENTED, SHARED or MENTIONED
// column: interactions: interactions on that weekday
// column: accounts: distinct accounts that acted
// innocent: Rallies are at weekends and debates in the evening; a period of few weeks has more of some weekdays.
// wajar: Rapat umum diadakan pada akhir pekan dan debat pada malam hari; rentang beberapa minggu memuat hari
//   tertentu lebih banyak.
// example: graphwatch query interactions-by-weekday

MATCH (a:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(:Post)
WITH a, i, CASE WHEN i.at_ms IS NOT NULL AND coalesce(i.basis, 'acted') <> 'observed' AND coalesce(i.precision_ms, 0) <= 86400000
     THEN ((i.at_ms + 25200000) / 86400000 + 3) % 7 + 1 END AS weekday
RETURN weekday, i.kind AS kind, count(i.id) AS interactions,
       count(DISTINCT a.id) AS accounts
ORDER BY coalesce(weekday, 8), kind
