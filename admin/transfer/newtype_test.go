package transfer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/fieldstack/fieldstack/admin/admintest"
	"github.com/fieldstack/fieldstack/schema"
)

const fromFile = "/admin/types/_new/import"

// TestTypeFromTable: a table becomes a draft with reasons, and once that is published
// its rows become records.
func TestTypeFromTable(t *testing.T) {
	w := admintest.NewWorld(t)
	dana := w.As("dana")
	dana.Get(fromFile).Want(200).Says("h1", "A type from a file")
	page := dana.Follow(send(dana, fromFile, "pump_list-2026.csv", "Name,Flow (m³/h),Checked,Leaks,_id\nP-1,12.5,2026-05-27,yes,\nP-2,8.0,2026-05-28,no,\nP-3,,2026-05-29,no,\n"))
	page.Want(200).Says("h1", "A draft from pump_list-2026.csv")
	page.Says("main", "Its 3 rows")
	page.Says("dl", "Flow (m³/h) a number, because")
	d, err := w.Engine.Draft(t.Context(), admintest.System, "pump-list-2026")
	w.Must(err)
	s, err := schema.Parse(d.Schema)
	w.Must(err)
	var labels []string
	for _, f := range s.Fields() {
		labels = append(labels, f.Title+" "+f.Type+" "+f.Format)
	}
	if diff := cmp.Diff([]string{"Name string ", "Flow (m³/h) number ", "Checked string date", "Leaks boolean "}, labels); diff != "" || s.Title() != "Pump list 2026" {
		t.Error(s.Title(), diff)
	}

	_, _, err = w.Engine.Publish(t.Context(), admintest.System, "pump-list-2026", nil)
	w.Must(err)
	path := "/admin/types/pump-list-2026/records/import"
	dana.Get(path).Says(".files", "pump_list-2026.csv 3 rows · columns to be mapped")
	page = dana.Get(page.Path)
	job, _ := page.Find("a:contains('Import the rows')").Attr("href")
	page = step(dana, job, columnsOf(dana.Get(job)))
	wantTiles(t, page, "3", "0", "0", "0")
	step(dana, job, admintest.Values("do", "run"))
	if diff := cmp.Diff(map[string]any{"Name": "P-1", "flow_m3_h": 12.5, "Checked": "2026-05-27", "Leaks": true}, records(w, "pump-list-2026")[0].Value); diff != "" {
		t.Error(diff)
	}

	// Another of that name gets a number.
	dana.Follow(send(dana, fromFile, "pump list 2026.json", `[{"name":"P-1","flow":1.5,"parts":[{"qty":2}]}]`)).Says("code", "pump-list-2026-2")
}

func TestTypeFromSchema(t *testing.T) {
	w := admintest.NewWorld(t)
	dana := w.As("dana")
	page := dana.Follow(send(dana, fromFile, "x.json", `{"$schema":"http://json-schema.org/draft-07/schema#","title":"Boat","type":"object","definitions":{"n":{"type":"number"}},"properties":{"length":{"$ref":"#/definitions/n"}}}`))
	page.Says("code", "boat")
	page.Says("h2", "How it was read")
	page.SaysNot("main", "rows")
	d, err := w.Engine.Draft(t.Context(), admintest.System, "boat")
	w.Must(err)
	if _, err := schema.Parse(d.Schema); err != nil {
		t.Error(err)
	}
	send(dana, fromFile, "x.json", `{"type":"object","properties":{"a":{"type":"strin"}}}`).Want(400).Says("#in-file-error", "This JSON Schema is no type yet.")
}

func TestTypeFromFile_Mistakes(t *testing.T) {
	w := admintest.NewWorld(t)
	dana := w.As("dana")
	send(dana, fromFile, "x.csv", "\n").Want(400).Says("#in-file-error", "The file is empty")
	send(dana, fromFile, "x.json", "[1]").Want(400)
	w.As("eve").Get(fromFile).Want(403)
	job := send(dana, fromFile, "<script>alert(1)</script>.csv", "<b>x</b>\n=1+1\n").Header.Get("Location")
	page := dana.Get(job).Want(200)
	page.Count("main script, main b", 0)
	w.As("olga").Get(job).Want(404)
}

func TestTypeFromRealTable(t *testing.T) {
	dir := os.Getenv("FIELDSTACK_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	text, err := os.ReadFile(filepath.Join(dir, "csv", "nyc-311-2024.csv"))
	if err != nil {
		t.Skip("the shared data is not here; set FIELDSTACK_DATA to its folder")
	}
	w := admintest.NewWorld(t)
	dana := w.As("dana")
	dana.Follow(send(dana, fromFile, "nyc-311.csv", string(text))).Says("main", "Its 1,000 rows")
	_, _, err = w.Engine.Publish(t.Context(), admintest.System, "nyc-311", nil)
	w.Must(err)
	page := dana.Get("/admin/types/nyc-311/records/import")
	job, _ := page.Find(".files a").Attr("href")
	page = step(dana, job, columnsOf(dana.Get(job)))
	wantTiles(t, page, "1000", "0", "0", "0")
	if strings.Contains(page.Text("main"), "do not fit:") {
		t.Error(page.Text("main"))
	}
}

func TestTypeFromXLSForm(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for name, lines := range map[string][][]any{
		"survey":   {{"type", "name", "label", "relevant"}, {"select_one yn", "leak", "Does it leak?"}, {"text", "where", "Where?", "${leak} = 'y'"}, {"image", "photo", "Photo"}},
		"choices":  {{"list_name", "name", "label"}, {"yn", "y", "Yes"}, {"yn", "n", "No"}},
		"settings": {{"form_title"}, {"Pump round"}},
	} {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, line := range lines {
			if err := f.SetSheetRow(name, fmt.Sprint("A", i+1), &line); err != nil {
				t.Fatal(err)
			}
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	w := admintest.NewWorld(t)
	dana := w.As("dana")
	page := dana.Follow(send(dana, fromFile, "form.xlsx", out.String()))
	page.Says("code", "pump-round")
	page.Says("dl", "survey, row 4 Photos are not there yet")
	d, err := w.Engine.Draft(t.Context(), admintest.System, "pump-round")
	w.Must(err)
	if !strings.Contains(string(d.Schema), `"x-when":{"field":"leak","is":"y"}`) {
		t.Errorf("%s", d.Schema)
	}
}

// TestTypeAsXLSForm: a type leaves as a form and comes back as a type, without what its
// reader may not see.
func TestTypeAsXLSForm(t *testing.T) {
	w := admintest.NewWorld(t)
	dana := w.As("dana")
	dana.Get("/admin/types/order/records/export").Count(`a[href="/admin/types/order/form.xlsx"]`, 1)
	file := dana.Get("/admin/types/order/form.xlsx").Want(200)
	if got := file.Header.Get("Content-Disposition"); got != `attachment; filename="order-form.xlsx"` {
		t.Error(got)
	}
	dana.Follow(send(dana, fromFile, "order-form.xlsx", file.Body)).Says("code", "work-order")
	d, err := w.Engine.Draft(t.Context(), admintest.System, "work-order")
	w.Must(err)
	s, err := schema.Parse(d.Schema)
	w.Must(err)
	for _, path := range [][]string{{"title"}, {"status"}, {"price"}, {"parts", "*", "qty"}} {
		if _, ok := s.Field(path); !ok {
			t.Errorf("%v is lost", path)
		}
	}
	_, rows := table(t, w.As("wim").Get("/admin/types/order/form.xlsx").Want(200).Body)
	for _, row := range rows {
		if row[1] == "price" {
			t.Error("a hidden field is in the form")
		}
	}
}
