// title: Interactions by phase
// purpose: Timed interactions with posts in each phase of the election calendar by kind, as totals.
// judul: Interaksi menurut tahapan
// tujuan: Interaksi berwaktu dengan unggahan pada setiap tahapan pemilihan menurut jenis, sebagai jumlah.
// category: time
// column: calendar: id of the calendar
// column: phase: name of the phase
// column: first_day: first day of the phase, ISO date
// column: last_day: last day of the phase, ISO date
// column: kind: LIKED, COMMENTED, SHARED or MENTIONED
// column: interactions: interactions of that kind in the phase
// column: accounts: distinct accounts that acted
// column: posts: distinct posts acted on
// column: untimed: interactions of that kind without a time of the act; the same for all phases, since they are in none
// innocent: Phases differ in length and in how much was collected. Where phases overlap an interaction counts in
//   both, and one outside of every phase, or without a time, in none.
// wajar: Tahapan berbeda lamanya dan berbeda banyaknya yang dikumpulkan. Bila tahapan bertumpang tindih, sebuah
//   interaksi dihitung pada keduanya; yang di luar semua tahapan, atau tanpa waktu, tidak dihitung.
// example: graphwatch query interactions-by-phase

MATCH (a:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post), (p:Phase)
WITH p, i, a, o, i.at_ms IS NOT NULL AND coalesce(i.basis, 'acted') <> 'observed' AS timed
WHERE NOT timed OR i.at_ms >= p.from_ms AND i.at_ms < p.to_ms
WITH p.calendar AS calendar, p.name AS phase, p.first_day AS first_day, p.last_day AS last_day, i.kind AS kind,
     count(CASE WHEN timed THEN i.id END) AS interactions, count(DISTINCT CASE WHEN timed THEN a.id END) AS accounts,
     count(DISTINCT CASE WHEN timed THEN o.id END) AS posts, count(CASE WHEN NOT timed THEN i.id END) AS untimed
WHERE interactions > 0
RETURN calendar, phase, first_day, last_day, kind, interactions, accounts, posts, untimed
ORDER BY calendar, first_day, last_day, phase, kind
