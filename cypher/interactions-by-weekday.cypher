// title: Interactions by weekday
// purpose: Timed interactions with posts per day of the week in WIB (UTC+7) and kind, as totals.
// category: time
// column: weekday: 1 is Monday, 7 Sunday, in WIB
// column: kind: LIKED, COMMENTED, SHARED or MENTIONED
// column: interactions: interactions on that weekday
// column: accounts: distinct accounts that acted
// innocent: Rallies are at weekends and debates in the evening; a period of few weeks has more of some weekdays.
// example: graphwatch query interactions-by-weekday

MATCH (a:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(:Post)
WHERE i.at_ms IS NOT NULL
RETURN ((i.at_ms + 25200000) / 86400000 + 3) % 7 + 1 AS weekday, i.kind AS kind, count(i.id) AS interactions,
       count(DISTINCT a.id) AS accounts
ORDER BY weekday, kind
