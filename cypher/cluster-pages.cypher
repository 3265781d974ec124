// title: Pages of a cluster
// purpose: The pages, with their paslon, that published the posts on which one cluster acted.
// judul: Halaman sebuah klaster
// tujuan: Halaman, beserta paslonnya, yang menerbitkan unggahan tempat sebuah klaster bertindak.
// category: coordination
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: layer: text = "all" -- all, or one kind of interaction of a run that looked at each alone
// parameter: cluster: integer -- number of the cluster in the layer of the run
// column: page: id of the page
// column: handle: its public handle
// column: class: official, campaign_team, volunteers, party or media
// column: paslon: id of the paslon that the page campaigns for; null where none is known
// column: number: number of the paslon drawn by KPU
// column: paslon_name: names on the ballot
// column: posts: distinct posts of the page on which members acted
// column: members: distinct members that acted on posts of the page
// column: interactions: interactions of members with posts of the page
// innocent: A page that posts more, or is the only one of its region in the data, is acted on more by everyone.
//   Acting on a post, for instance to contradict it, is not support.
// wajar: Halaman yang lebih sering mengunggah, atau satu-satunya dari daerahnya dalam data, ditanggapi lebih
//   banyak oleh semua orang. Menanggapi unggahan, misalnya untuk membantahnya, bukan dukungan.
// example: graphwatch query cluster-pages -p cluster=1

MATCH (p:Page)-[:PUBLISHED]->(o:Post)<-[i:LIKED|COMMENTED|SHARED|MENTIONED]-(a:Account),
      (a)-[:MEMBER_OF]->(k:Cluster)-[:FOUND_IN]->(r:Run)
WHERE r.id = $run AND r.status = 'complete' AND coalesce(k.layer, 'all') = $layer
  AND k.number = $cluster
WITH p, count(DISTINCT o.id) AS posts, count(DISTINCT a.id) AS members, count(i.id) AS interactions
OPTIONAL MATCH (p)-[:SUPPORTS]->(s:Paslon)
RETURN p.id AS page, p.handle AS handle, p.class AS class, s.id AS paslon, s.number AS number,
       s.name AS paslon_name, posts AS posts, members AS members, interactions AS interactions
ORDER BY interactions DESC, page, paslon
