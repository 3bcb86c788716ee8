package transfer_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/admin/admintest"
	"github.com/fieldstack/fieldstack/collections"
)

const imports = "/admin/types/order/records/import"

// send uploads a file by that name.
func send(b *admintest.Browser, path, name, file string) *admintest.Page {
	b.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("file", name)
	b.Must(err)
	_, err = io.WriteString(part, file)
	b.Must(err)
	b.Must(m.Close())
	return b.Do("POST", path, m.FormDataContentType(), &body)
}

// columnsOf fills in the form of the columns as it stands, but for what is said in
// pairs of names and values.
func columnsOf(p *admintest.Page, pairs ...string) url.Values {
	form := admintest.Values("do", "check")
	p.Find("form select").Each(func(_ int, s *goquery.Selection) {
		form.Set(s.AttrOr("name", ""), s.Find("option[selected]").AttrOr("value", ""))
	})
	form.Set("empty", p.Find("[name=empty][checked]").AttrOr("value", ""))
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// settled waits for what goes on in the background, and gives the page that is there then.
func settled(b *admintest.Browser, path string) *admintest.Page {
	b.Helper()
	for end := time.Now().Add(5 * time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		p := b.Get(path)
		if p.Status == http.StatusSeeOther {
			path = p.Header.Get("Location")
			continue
		}
		if p.Want(200).Find("progress").Length() == 0 {
			return p
		}
	}
	b.Fatal("it goes on for ever")
	return nil
}

// step sends a form of a file's page and waits for what comes of it.
func step(b *admintest.Browser, file string, form url.Values) *admintest.Page {
	b.Helper()
	b.Post(file, form).Redirects(file)
	return settled(b, file)
}

// undo undoes the import that a page is about, and waits for it.
func undo(b *admintest.Browser, imported *admintest.Page) *admintest.Page {
	b.Helper()
	return settled(b, b.Post(imported.Path+"/undo", nil).Header.Get("Location"))
}

// tiles are the counts of a page: new, changed, the same already, wrong.
func tiles(p *admintest.Page) (counts []string) {
	p.Find(".tiles strong").Each(func(_ int, s *goquery.Selection) { counts = append(counts, strings.ReplaceAll(s.Text(), ",", "")) })
	return counts
}

func wantTiles(t *testing.T, p *admintest.Page, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, tiles(p)); diff != "" {
		t.Errorf("new, changed, same, wrong: %s\n%s", diff, p.Text("main"))
	}
}

func records(w *admintest.World, typ string) []*collections.Document {
	w.Helper()
	page, err := w.Engine.List(w.Context(), admintest.System, typ, collections.ListRequest{Limit: 1000})
	w.Must(err)
	return page.Documents
}

const orders = "Title;STATUS;hours;Due;Urgent;Tags;colour\r\n" +
	"Pump A;Open;2.5;2026-11-30;yes;a; red\r\n" +
	"\"=1+1\";done;;;;\"x; y\";\r\n" +
	"Pump B;lost;;;;;\r\n" +
	";open;1;;;;\r\n" +
	"Pump C;open;many;;;;\r\n" +
	"Pump D;open;1;;;;;surplus\r\n"

func TestImport(t *testing.T) {
	w := admintest.NewWorld(t)
	eve := w.As("eve")
	eve.Get(imports).Want(200).Says("h1", "Import into Work order")
	job := send(eve, imports, "orders.csv", orders).Header.Get("Location")

	page := eve.Get(job).Want(200)
	page.Says("h1", "orders.csv")
	page.Says(".mapping", "2.5")
	form := columnsOf(page)
	want := admintest.Values("do", "check", "column-0", "title", "column-1", "status", "column-2", "hours", "column-3", "due", "column-4", "urgent", "column-5", "tags", "column-6", "", "match", "", "empty", "keep")
	if diff := cmp.Diff(want, form); diff != "" {
		t.Error(diff)
	}

	page = step(eve, job, form)
	wantTiles(t, page, "2", "0", "0", "4")
	page.Says("main", "Import 2 rows")
	for _, says := range []string{"4 STATUS Status", "5 Title Title", "6 hours Hours needs a number", "7 H This line has more cells"} {
		page.Says("table", says)
	}
	if n := len(records(w, "order")); n != 0 {
		t.Fatalf("%d records are made by a check", n)
	}
	columns, wrong := table(t, eve.Get(job+"/wrong.csv").Want(200).Body)
	if len(wrong) != 4 || strings.Join(columns[:4], " ") != "Line Column What is wrong Title" || wrong[0][0] != "4" || wrong[0][3] != "Pump B" {
		t.Error(columns, wrong)
	}

	page = step(eve, job, admintest.Values("do", "run"))
	page.Says("h2", "What was done")
	page.Says("table", "5 Title Title")
	wantTiles(t, page, "2", "0", "0", "4")
	if wrong := page.Find("a[href$='wrong.csv']").AttrOr("href", ""); eve.Get(wrong).Want(200).Body == "" {
		t.Error("the rows that do not fit are gone")
	}
	made := records(w, "order")
	if diff := cmp.Diff(map[string]any{"title": "Pump A", "status": "open", "hours": 2.5, "due": "2026-11-30", "urgent": true, "tags": []any{"a"}}, made[0].Value); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{"title": "=1+1", "status": "done", "tags": []any{"x", "y"}}, made[1].Value); diff != "" {
		t.Error(diff)
	}
	if made[0].CreatedBy != "eve" {
		t.Error(made[0].CreatedBy)
	}
	// Once is enough.
	eve.Post(job, admintest.Values("do", "run")).Want(409)
	if n := len(records(w, "order")); n != 2 {
		t.Fatalf("%d records", n)
	}
	eve.Get(imports).Says(".files", "orders.csv 6 rows · imported")
	eve.Get("/admin/types/order/records/recent").Want(200).Says(".jobs", "orders.csv Import · 2 records")

	// Somebody works on one of them; the other goes.
	_, err := w.Engine.Patch(t.Context(), admintest.System, "order", made[0].ID, map[string]any{"hours": 3.0})
	w.Must(err)
	first := page
	page = undo(eve, first)
	page.Says("table", "Pump A It was worked on since.")
	eve.Post(first.Path+"/undo", nil).Want(409)
	eve.Get(first.Path).SaysNot("main", "Undoing puts")
	if left := records(w, "order"); len(left) != 1 || left[0].ID != made[0].ID {
		t.Error(left)
	}
	audit, err := w.Accounts.Audit(t.Context(), admintest.System, "", 100)
	w.Must(err)
	var told string
	for _, e := range audit {
		told += fmt.Sprintln(*e)
	}
	for _, did := range []string{"imported records", "took an import back", "orders.csv: 2 new, 0 changed", "orders.csv: 1 record"} {
		if !strings.Contains(told, did) {
			t.Errorf("the trail does not say %q: %s", did, told)
		}
	}
	eve.Post(job, admintest.Values("do", "discard")).Redirects(imports)
	eve.Get(job).Want(404)
}

const pumpSchema = `{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"Pump","type":"object","x-order":["tag","no","name","flow","seen","sets"],"required":["tag"],"properties":{
	"tag":{"type":"string","title":"Tag","x-unique":true},"no":{"type":"string","title":"Number","x-serial":"P-{000}"},"name":{"type":"string","title":"Name"},"flow":{"type":"number","title":"Flow","maximum":100},
	"seen":{"type":"string","format":"date-time","title":"Last seen"},"state":{"title":"State","oneOf":[{"const":"w","title":"Waiting for parts"},{"const":"d","title":"Done"}]},
	"sets":{"type":"array","title":"Sets","uniqueItems":true,"items":{"type":"string"}}}}`

// TestImport_Changes: rows find their records, change only what differs, and are taken
// back field by field.
func TestImport_Changes(t *testing.T) {
	w := admintest.NewWorld(t)
	w.Publish("pump", pumpSchema)
	first := w.Create("pump", map[string]any{"tag": "A", "name": "old", "flow": 1.0, "sets": []any{"x", "y"}})
	w.Create("pump", map[string]any{"tag": "B", "name": "same", "flow": 2.0})
	w.Create("pump", map[string]any{"tag": "C", "name": "bad"})
	eve := w.As("eve")
	path := "/admin/types/pump/records/import"
	file := "Tag,Name,Flow,Last seen,State,Sets,Number\n" +
		"A,new,,2026-11-22 08:30,waiting for PARTS,y; x,P-999\nB,same,2,,,,\nC,x,1000,,,,\nD,made,4,2026-11-22,d,,\nD,again,4,,,,\n"
	job := send(eve, path, "pumps.csv", file).Header.Get("Location")
	page := eve.Get(job)
	form := columnsOf(page)
	if form.Get("match") != "tag" {
		t.Fatal("the unique field is not the one to find records by:", form)
	}
	page = step(eve, job, form)
	wantTiles(t, page, "1", "1", "1", "2")
	page.Says("table", "4 Flow Flow")
	page.Says("table", "6 Tag Line 5 is about the same record")
	page = step(eve, job, admintest.Values("do", "run"))
	wantTiles(t, page, "1", "1", "1", "2")
	value := func(i int) map[string]any { return records(w, "pump")[i].Value }
	want := map[string]any{"tag": "A", "no": "P-001", "name": "new", "flow": 1.0, "seen": "2026-11-22T08:30:00Z", "state": "w", "sets": []any{"x", "y"}}
	if diff := cmp.Diff(want, value(0)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{"tag": "D", "no": "P-004", "name": "made", "flow": 4.0, "seen": "2026-11-22T00:00:00Z", "state": "d"}, value(3)); diff != "" {
		t.Error(diff)
	}

	// The name is changed after, so it stays; all else goes back.
	_, err := w.Engine.Patch(t.Context(), admintest.System, "pump", first, map[string]any{"name": "newer"})
	w.Must(err)
	undo(eve, page).Says("table", "A Name was changed since.")
	if diff := cmp.Diff(map[string]any{"tag": "A", "no": "P-001", "name": "newer", "flow": 1.0, "sets": []any{"x", "y"}}, value(0)); diff != "" {
		t.Error(diff)
	}
	if n := len(records(w, "pump")); n != 3 {
		t.Errorf("%d records after taking back", n)
	}

	// With empty cells that empty, and back again.
	job = send(eve, path, "pumps.csv", "Tag,Flow\nA,\n").Header.Get("Location")
	page = step(eve, job, columnsOf(eve.Get(job), "empty", "clear"))
	wantTiles(t, page, "0", "1", "0", "0")
	page = step(eve, job, admintest.Values("do", "run"))
	if _, there := value(0)["flow"]; there {
		t.Error("the field is not emptied")
	}
	undo(eve, page)
	if value(0)["flow"] != 1.0 {
		t.Error(value(0))
	}
}

// TestImport_WhatWasExported: an export that is imported again changes nothing, in each
// format, whatever the cells hold.
func TestImport_WhatWasExported(t *testing.T) {
	w := admintest.NewWorld(t)
	for _, title := range []string{"=1+1", "'=x", "+49 170", "-", "a\r\nb", `"q";,`, " x ", "\x07", "0012", "<script>alert(1)</script>"} {
		w.Create("order", map[string]any{"title": title, "hours": 1.5, "price": -2.0, "due": "2026-02-28", "urgent": false, "status": "open", "tags": []any{title, "t"},
			"parts": []any{map[string]any{"name": title, "qty": 2.0}}, "notes": title + "\n" + title})
	}
	eve := w.As("eve")
	for _, format := range []string{"csv", "xlsx", "json"} {
		file := eve.Get("/admin/types/order/records/export/file?with=id&with=when&format=" + format).Want(200).Body
		job := send(eve, imports, "again."+format, file).Header.Get("Location")
		form := columnsOf(eve.Get(job))
		if form.Get("match") != "_id" {
			t.Fatal(form)
		}
		wantTiles(t, step(eve, job, form), "0", "0", "10", "0")
	}
}

func TestImport_Sheets(t *testing.T) {
	w := admintest.NewWorld(t)
	eve := w.As("eve")
	job := send(eve, imports, "two.xlsx", xlsxFile(t)).Header.Get("Location")
	eve.Get(job).Want(200).Says(".mapping", "Readme")
	eve.Post(job, admintest.Values("do", "sheet", "sheet", "Nothing")).Want(400).Says(".notice.wrong", `There is no sheet "Nothing"`)
	page := step(eve, job, admintest.Values("do", "sheet", "sheet", "Orders"))
	page = step(eve, job, columnsOf(page))
	wantTiles(t, page, "1", "0", "0", "0")
	step(eve, job, admintest.Values("do", "run"))
	if diff := cmp.Diff(map[string]any{"title": "7", "due": "2026-11-30", "hours": 2.5}, records(w, "order")[0].Value); diff != "" {
		t.Error(diff)
	}
}

// TestImport_Mistakes are told on the page of the form, which keeps what was chosen.
func TestImport_Mistakes(t *testing.T) {
	w := admintest.NewWorld(t)
	eve := w.As("eve")
	for file, want := range map[string]string{
		"":               "Choose a file",
		"\n\n":           "The file is empty",
		"Title\n":        "no rows",
		"a,b\n1,\"2\n3":  "Line 2, column B: A quote is opened here",
		"%PDF-1.7 ":      "This is a PDF",
		`[{"a":1},`:      "Line 1: The file ends in the middle",
		"PK\x03\x04nope": "begins like an XLSX file but is damaged",
	} {
		send(eve, imports, "x.csv", file).Want(400).Says("#in-file-error", want)
	}
	eve.Post(imports, admintest.Values("file", "x")).Want(415)
	job := send(eve, imports, "x.csv", "Title,Status,Other\na,open,1\n").Header.Get("Location")
	page := eve.Get(job)
	wrong := eve.Post(job, columnsOf(page, "column-2", "title", "match", "_id", "empty", "clear")).Want(400)
	wrong.Says(".notice.wrong", "Two columns are for Title")
	if form := columnsOf(wrong); form.Get("column-2") != "title" || form.Get("match") != "_id" || form.Get("empty") != "clear" {
		t.Error("what was chosen is lost:", form)
	}
	eve.Post(job, columnsOf(page, "match", "_id")).Want(400).Says(".notice.wrong", "No column says which record")
	eve.Post(job, columnsOf(page, "column-0", "", "column-1", "")).Want(400).Says(".notice.wrong", "Every column is left out")
	eve.Post(job, columnsOf(page, "column-0", "nothing")).Want(400)
	eve.Post(job, admintest.Values("do", "run")).Want(409)
	eve.Post(job, admintest.Values("do", "dance")).Want(400)
}

// TestImport_IsItsOwners: nobody else knows of a file, and who may not write does not
// write by it.
func TestImport_IsItsOwners(t *testing.T) {
	w := admintest.NewWorld(t)
	eve, dana := w.As("eve"), w.As("dana")
	job := send(eve, imports, "x.csv", "Title\na\n").Header.Get("Location")
	dana.Get(job).Want(404)
	dana.Post(job, admintest.Values("do", "discard")).Want(404)
	dana.Get(job + "/wrong.csv").Want(404)
	dana.Get(imports).SaysNot("main", "x.csv")
	w.As("wim").Get(imports).Want(403)
	w.As("wim").Post(job, admintest.Values("do", "run")).Want(403)
	w.Guest().Get(job).Want(303)
	eve.Get(job).Want(200)
	eve.Get(strings.Replace(job, "/order/", "/nothing/", 1)).Want(404)

	rules, err := collections.ParseRules([]byte(`{"roles":{"editor":{"create":{"field":"status","is":"open"},"edit":{"field":"assignee","is":"$me"},"hidden":["price"],"readOnly":["hours"]}}}`))
	w.Must(err)
	w.Must(w.Engine.SetRules(t.Context(), admintest.System, "order", rules))
	id := w.Create("order", map[string]any{"title": "dana's", "assignee": "dana"})
	job = send(eve, imports, "x.csv", "_id,Title,Status,Hours,Price\n,a,open,1,2\n,b,done,1,2\n"+id+",c,open,1,2\n").Header.Get("Location")
	page := eve.Get(job)
	if form := columnsOf(page); form.Get("column-3") != "" || form.Get("column-4") != "" {
		t.Error("fields that are not theirs are mapped", form)
	}
	page = step(eve, job, columnsOf(page))
	wantTiles(t, page, "1", "0", "0", "2")
	page.Says("table", "You may not make such records")
	page.Says("table", "You may not change this record")
	eve.Post(job, admintest.Values("do", "map")).Redirects(job)
	eve.Post(job, columnsOf(eve.Get(job), "column-4", "price")).Want(400)
}

// TestImport_HostileNames: what a file is called and what is in it is text on our pages.
func TestImport_HostileNames(t *testing.T) {
	w := admintest.NewWorld(t)
	eve := w.As("eve")
	for _, name := range []string{`<script>alert(1)</script>.csv`, "../../etc/passwd", `"><img src=x onerror=alert(1)>`, "a\u202egpj.csv", strings.Repeat("x", 5000), `C:\Users\eve\orders.csv`} {
		job := send(eve, imports, name, "<b>Title</b>,\"<script>alert(1)</script>\"\n<img src=x>,'\"><script>\n").Header.Get("Location")
		page := eve.Get(job).Want(200)
		page.Count("main script, main img, main b", 0)
		if shown := page.Text("h1"); strings.ContainsAny(shown, "/\\\u202e") && !strings.Contains(shown, "<") || len(shown) > 110 {
			t.Errorf("%q is shown as %q", name, shown)
		}
		page = step(eve, job, columnsOf(page, "column-0", "title", "column-1", "status"))
		page.Count("main script, main img, main b", 0)
		page.Says("table", "<script>alert(1)</script>")
		if got := eve.Get(job + "/wrong.csv").Header.Get("Content-Disposition"); got != `attachment; filename="order-wrong-rows.csv"` {
			t.Error(got)
		}
	}
	// Of an account only so many are kept.
	if n := eve.Get(imports).Find(".files li").Length(); n != 5 {
		t.Errorf("%d files are kept", n)
	}
}

// TestImport_Stopped: what was written before is kept, counted, and can be taken back.
func TestImport_Stopped(t *testing.T) {
	w := admintest.NewWorld(t)
	eve := w.As("eve")
	job := send(eve, imports, "x.csv", "Title\n"+strings.Repeat("Pump\n", 20_000)).Header.Get("Location")
	step(eve, job, columnsOf(eve.Get(job)))
	eve.Post(job, admintest.Values("do", "run")).Redirects(job)
	going := eve.Follow(eve.Get(job))
	going.Says("section.progress", "of 20,000")
	going.Says("main", "This goes on when you leave the page")
	eve.Post(job, admintest.Values("do", "discard")).Redirects(imports)
	// The file is forgotten; its import stops soon.
	eve.Get(job).Want(404)
	settled(eve, going.Path).Says(".notice.wrong", "Stopped")

	job = send(eve, imports, "x.csv", "Title\n"+strings.Repeat("Fan\n", 20_000)).Header.Get("Location")
	step(eve, job, columnsOf(eve.Get(job)))
	eve.Post(job, admintest.Values("do", "run")).Redirects(job)
	going = eve.Follow(eve.Get(job))
	eve.Post(going.Path+"/cancel", nil).Redirects(going.Path)
	page := settled(eve, going.Path)
	page.Says(".notice.wrong", "Stopped: what was done until then is done")
	fans := func() int {
		list, err := w.Engine.List(t.Context(), admintest.System, "order", collections.ListRequest{Search: "fan", Limit: 1, Count: true})
		w.Must(err)
		return list.Total
	}
	if got := fmt.Sprint(fans()); got != tiles(page)[0] || fans() >= 20_000 {
		t.Errorf("%s records, and the page says %s", got, tiles(page)[0])
	}
	if fans() > 0 {
		undo(eve, page)
	}
	if n := fans(); n != 0 {
		t.Errorf("%d are left", n)
	}
}

// TestImport_SignedOut: an import ends with the session that began it.
func TestImport_SignedOut(t *testing.T) {
	w := admintest.NewWorld(t)
	eve := w.As("eve")
	job := send(eve, imports, "x.csv", "Title\n"+strings.Repeat("Pump\n", 20_000)).Header.Get("Location")
	step(eve, job, columnsOf(eve.Get(job)))
	eve.Post(job, admintest.Values("do", "run")).Redirects(job)
	eve.Post("/sign-out", nil)
	again := w.As("eve")
	page := settled(again, job)
	page.Says("h2", "What was done")
	if page.Find(".notice.wrong").Length() != 1 || len(records(w, "order")) >= 20_000 {
		t.Error(page.Text("main"))
	}
}

// What is wrong with a file and with its rows is said in the reader's language.
func TestImport_German(t *testing.T) {
	w := admintest.NewWorld(t)
	eve := w.As("eve")
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("file", "x.csv")
	eve.Must(err)
	_, err = io.WriteString(part, "%PDF-1.7 ")
	eve.Must(err)
	eve.Must(m.Close())
	p := eve.Do("POST", imports, m.FormDataContentType(), &body, "Accept-Language", "de")
	if p.Status != 400 || !strings.Contains(p.Text("main"), "Das ist ein PDF") {
		t.Errorf("%d: %s", p.Status, p.Text("main"))
	}
}

// TestImport_Limit: a file is taken up to the limit, and one that is larger is told what
// the limit is, and the way out.
func TestImport_Limit(t *testing.T) {
	w := admintest.NewWorld(t)
	eve := w.As("eve")
	rows := func(size int) string {
		return "Title\n" + strings.Repeat(strings.Repeat("x", 199)+"\n", (size-6)/200) + strings.Repeat("y", (size-6)%200)
	}
	for _, size := range []int{admintest.MaxImport - 1, admintest.MaxImport} {
		if job := send(eve, imports, "large.csv", rows(size)).Want(303).Header.Get("Location"); job == "" {
			t.Errorf("%d bytes lead nowhere", size)
		}
	}
	send(eve, imports, "large.csv", rows(admintest.MaxImport+100<<10)).Want(413).Says("#in-file-error", "larger than 12 MiB")
	eve.Post("/admin/types/order/records/bulk", admintest.Values("x", strings.Repeat("x", 9<<20))).Want(413)
}
