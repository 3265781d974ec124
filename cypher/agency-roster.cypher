// title: Agencies on the roster
// purpose: The persons of each agency on the roster, and of how many an account is known; fewer than five are suppressed.
// judul: OPD pada daftar ASN
// tujuan: Orang dari setiap OPD pada daftar, dan berapa yang akunnya diketahui; di bawah lima tidak ditampilkan.
// category: agencies
// column: agency: id of the agency on the roster
// column: name: name of the agency
// column: part_of: id of the agency of which it is a part; null where none is known
// column: persons: persons who work there, or worked there; null where fewer than five
// column: linked: of these, persons with an account in the records; null where fewer than five, or all but fewer than five
// column: duty_accounts: accounts that the agency operates
// innocent: An agency with few known accounts was asked less, or answered less; that nothing is seen there shows nothing.
// wajar: Instansi yang akunnya sedikit diketahui mungkin lebih jarang ditanya atau menjawab; bahwa tidak ada yang
//   terlihat di sana tidak menunjukkan apa pun.
// example: graphwatch query agency-roster

MATCH (g:Agency)
OPTIONAL MATCH (g)<-[:WORKS_AT]-(n:Asn)
OPTIONAL MATCH (n)<-[b:BELONGS_TO]-(:Account)
WITH g, count(DISTINCT n.id) AS persons, count(DISTINCT CASE WHEN b.id IS NOT NULL THEN n.id END) AS linked
OPTIONAL MATCH (d:Account)-[:OPERATED_BY]->(g)
WITH g, persons, linked, count(DISTINCT d.id) AS duty
OPTIONAL MATCH (g)-[:PART_OF]->(u:Agency)
RETURN g.id AS agency, g.name AS name, u.id AS part_of, CASE WHEN persons = 0 OR persons >= 5 THEN persons END AS persons,
       CASE WHEN persons = 0 OR persons >= 5 AND (linked = 0 OR linked >= 5)
                 AND (persons = linked OR persons - linked >= 5) THEN linked END AS linked,
       duty AS duty_accounts
ORDER BY agency, coalesce(part_of, '')
