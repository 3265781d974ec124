// title: Interactions by hour
// purpose: Timed interactions with posts per hour of the day in WIB (UTC+7) and kind, as totals.
// judul: Interaksi per jam
// tujuan: Interaksi berwaktu dengan unggahan per jam dalam WIB dan menurut jenis, sebagai jumlah.
// category: time
// column: hour: hour of the day in WIB, 0 to 23; null where no time of the act is known so precisely
// column: kind: LIKED, COMMENTED, SHARED or MENTIONED
// column: interactions: interactions in that hour
// column: accounts: distinct accounts that acted
// innocent: Everyone sleeps and commutes at about the same hours; office hours alone say nothing of an office.
// wajar: Semua orang tidur dan bepergian pada jam yang kurang lebih sama; jam kantor saja tidak mengatakan apa
//   pun tentang sebuah kantor.
// example: graphwatch query interactions-by-hour

MATCH (a:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(:Post)
WITH a, i, CASE WHEN i.at_ms IS NOT NULL AND coalesce(i.basis, 'acted') <> 'observed' AND coalesce(i.precision_ms, 0) <= 3600000
     THEN (i.at_ms + 25200000) / 3600000 % 24 END AS hour
RETURN hour, i.kind AS kind, count(i.id) AS interactions,
       count(DISTINCT a.id) AS accounts
ORDER BY coalesce(hour, 24), kind
