// title: Interactions by day
// purpose: Timed interactions with posts per calendar day in WIB (UTC+7), as totals.
// judul: Interaksi per hari
// tujuan: Interaksi berwaktu dengan unggahan per hari kalender dalam WIB, sebagai jumlah.
// category: time
// column: year: year of the day in WIB; null, as month and day are, where no time of the act is known so precisely
// column: month: month, 1 to 12
// column: day: day of the month
// column: interactions: interactions on that day
// column: accounts: distinct accounts that acted
// column: posts: distinct posts acted on
// innocent: Campaign events, debates and holidays move everyone; so do gaps in what was collected.
// wajar: Acara kampanye, debat, dan hari libur menggerakkan semua orang; begitu pula celah dalam pengumpulan
//   data.
// example: graphwatch query interactions-by-day

// The civil date of a day number, for dates after 1970 (the proleptic Gregorian calendar counted from
// 1 March of year 0, so that the leap day comes last): only whole numbers, which both engines divide alike.
MATCH (a:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post)
WITH a, i, o, CASE WHEN i.at_ms IS NOT NULL AND coalesce(i.basis, 'acted') <> 'observed' AND coalesce(i.precision_ms, 0) <= 86400000
     THEN (i.at_ms + 25200000) / 86400000 + 719468 END AS number
WITH number, count(i.id) AS interactions,
     count(DISTINCT a.id) AS accounts, count(DISTINCT o.id) AS posts
WITH number / 146097 AS era, number % 146097 AS d, interactions, accounts, posts
WITH era, d, (d - d / 1460 + d / 36524 - d / 146096) / 365 AS y, interactions, accounts, posts
WITH era * 400 + y AS march_year, d - (365 * y + y / 4 - y / 100) AS of_year, interactions, accounts, posts
WITH march_year, of_year, (5 * of_year + 2) / 153 AS m, interactions, accounts, posts
RETURN march_year + (m + 2) / 12 AS year, (m + 2) % 12 + 1 AS month,
       of_year - (153 * m + 2) / 5 + 1 AS day,
       interactions AS interactions, accounts AS accounts, posts AS posts
ORDER BY coalesce(year, 9999), month, day
