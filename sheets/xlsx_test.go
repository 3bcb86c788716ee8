package sheets

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// excelFile is a workbook as another program writes it.
func excelFile(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func openFile(t testing.TB, file []byte, limits Limits) *Book {
	t.Helper()
	b, err := Open(bytes.NewReader(file), int64(len(file)), limits)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestXLSXCellsAreTypedAsTheyLook(t *testing.T) {
	at := time.Date(2024, 3, 9, 7, 5, 0, 0, time.UTC)
	tests := []struct {
		value  any
		format string // custom, or a number for one that is built in
		want   Cell
	}{
		{"Pump", "", Cell{Kind: Text, Text: "Pump"}},
		{"0012", "", Cell{Kind: Text, Text: "0012"}},
		{"12", "", Cell{Kind: Text, Text: "12"}},
		{12, "", Cell{Kind: Number, Text: "12", Number: 12}},
		{12.5, "0.00", Cell{Kind: Number, Text: "12.50", Number: 12.5}},
		{12.345, "#,##0.00", Cell{Kind: Number, Text: "12.345", Number: 12.345}},
		{1234567.5, `#,##0.00 "€"`, Cell{Kind: Number, Text: "1234567.50", Number: 1234567.5}},
		{0.5, "0%", Cell{Kind: Number, Text: "0.5", Number: 0.5}},
		{12.300000000000001, "", Cell{Kind: Number, Text: "12.3", Number: 12.300000000000001}},
		{1234, "00000", Cell{Kind: Text, Text: "01234"}},
		{true, "", Cell{Kind: Truth, Text: "true", Number: 1}},
		{at, "dd.mm.yyyy", Cell{Kind: Date, Text: "2024-03-09"}.moment("2024-03-09T07:05:00")},
		{at.Truncate(24 * time.Hour), "dd.mm.yyyy", Cell{Kind: Date, Text: "2024-03-09"}},
		{at.Truncate(24 * time.Hour), "14", Cell{Kind: Date, Text: "2024-03-09"}},
		{at.Truncate(24 * time.Hour), `[$-407]d/ mmmm yyyy;@`, Cell{Kind: Date, Text: "2024-03-09"}},
		{at, "22", Cell{Kind: Moment, Text: "2024-03-09T07:05:00"}},
		{0.25, "hh:mm", Cell{Kind: Clock, Text: "06:00:00"}},
		{1.5, "[h]:mm", Cell{Kind: Clock, Text: "36:00:00"}},
		{1, "yyyy-mm-dd", Cell{Kind: Date, Text: "1900-01-01"}},
		{59, "yyyy-mm-dd", Cell{Kind: Date, Text: "1900-02-28"}},
		{61, "yyyy-mm-dd", Cell{Kind: Date, Text: "1900-03-01"}},
		{-3, "yyyy-mm-dd", Cell{Kind: Number, Text: "-3", Number: -3}},
		{5, `0" days"`, Cell{Kind: Number, Text: "5", Number: 5}},
		{5, `0.0_)`, Cell{Kind: Number, Text: "5.0", Number: 5}},
	}
	file := excelFile(t, func(f *excelize.File) {
		f.SetCellValue("Sheet1", "A1", "Value")
		for i, test := range tests {
			name := fmt.Sprint("A", i+2)
			f.SetCellValue("Sheet1", name, test.value)
			style := excelize.Style{}
			switch {
			case test.format == "":
				continue
			case test.format == "14" || test.format == "22":
				fmt.Sscan(test.format, &style.NumFmt)
			default:
				style.CustomNumFmt = &test.format
			}
			id, err := f.NewStyle(&style)
			if err != nil {
				t.Fatal(err)
			}
			f.SetCellStyle("Sheet1", name, name, id)
		}
	})
	_, rows, err := readAll(openFile(t, file, Limits{}), "")
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(tests) {
		t.Fatalf("%d rows of %d", len(rows), len(tests))
	}
	for i, test := range tests {
		if diff := cmp.Diff(test.want, rows[i].Cells[0]); diff != "" {
			t.Errorf("%v as %q: %s", test.value, test.format, diff)
		}
	}
}

func (c Cell) moment(text string) Cell { return Cell{Kind: Moment, Text: text} }

func TestXLSXSheetsGapsAndFormulas(t *testing.T) {
	file := excelFile(t, func(f *excelize.File) {
		f.SetSheetName("Sheet1", "Lists")
		f.NewSheet("Orders")
		f.SetActiveSheet(1)
		f.SetSheetVisible("Lists", false)
		f.SetCellValue("Lists", "A1", "hidden")
		f.SetCellValue("Orders", "B3", "Name")
		f.SetCellValue("Orders", "D3", "Hours")
		f.SetCellRichText("Orders", "B5", []excelize.RichTextRun{{Text: "Pu"}, {Text: "mp", Font: &excelize.Font{Bold: true}}})
		f.SetCellValue("Orders", "D5", 3)
		f.SetCellFormula("Orders", "D9", "=1/0")
		f.SetCellValue("Orders", "B9", "Fan")
		style, _ := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
		f.SetCellStyle("Orders", "A12", "XFD12", style)
	})
	b := openFile(t, file, Limits{})
	if len(b.Sheets()) != 2 {
		t.Fatal(b.Sheets())
	}
	columns, rows, err := readAll(b, "orders")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Column A", "Name", "Column C", "Hours"}, columns); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]string{{"", "Pump", "", "3"}, {"", "Fan", "", ""}}, texts(rows)); diff != "" {
		t.Error(diff)
	}
	if rows[0].Line != 5 || rows[1].Line != 9 {
		t.Error(rows[0].Line, rows[1].Line)
	}
	if _, err := b.Table("Nothing"); !matches(err, `There is no sheet "Nothing" in the file; it has Orders`) {
		t.Error(err)
	}
}

// rezip changes the parts of a file.
func rezip(t testing.TB, file []byte, change func(name, text string) string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		part, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(part, change(f.Name, string(text)))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func orders(t testing.TB, rows int) []byte {
	return excelFile(t, func(f *excelize.File) {
		f.SetCellValue("Sheet1", "A1", "Name")
		for i := range rows {
			f.SetCellValue("Sheet1", fmt.Sprint("A", i+2), fmt.Sprint("Pump ", i))
		}
	})
}

func TestDamagedSheetsAreNoShorterTables(t *testing.T) {
	file := orders(t, 50)
	sheet := "xl/worksheets/sheet1.xml"
	for name, change := range map[string]func(string) string{
		"cut":               func(s string) string { return s[:len(s)/2] },
		"cut after a row":   func(s string) string { return s[:strings.Index(s[len(s)/2:], "</row>")+len(s)/2+6] },
		"something else":    func(s string) string { return "not XML at all" },
		"no sheet data":     func(s string) string { return "<worksheet></worksheet>" },
		"bad characters":    func(s string) string { return strings.Replace(s, "<row r=\"9\"", "\x01<row r=\"9\"", 1) },
		"a text is missing": func(s string) string { return strings.Replace(s, "<v>7</v>", "<v>7777</v>", 1) },
	} {
		changed := rezip(t, file, func(n, text string) string {
			if n == sheet {
				return change(text)
			}
			return text
		})
		_, rows, err := readAll(openFile(t, changed, Limits{}), "")
		faults := 0
		for _, row := range rows {
			if row.Fault != nil {
				faults++
			}
		}
		if err == nil && faults == 0 {
			t.Errorf("%s: %d rows and no word", name, len(rows))
		}
	}
	if _, err := Open(bytes.NewReader(file[:len(file)/2]), int64(len(file)/2), Limits{}); err == nil {
		t.Error("half a file is read")
	}
}

// TestUnpackingIsBounded holds small files that unpack to large ones to the limit: in
// sheets, in one token, and in the texts.
func TestUnpackingIsBounded(t *testing.T) {
	file := orders(t, 3)
	bomb := strings.Repeat(" ", 3<<20)
	limits := Limits{Unpacked: 2 << 20, CellBytes: 1000}
	for name, change := range map[string]func(name, text string) string{
		"between rows": func(name, text string) string {
			return inPart(name, "sheet1.xml", text, "</row>", "</row>"+strings.Repeat("<x/>", 1<<20))
		},
		"in a cell":       func(name, text string) string { return inPart(name, "sheet1.xml", text, "<v>", "<v>"+bomb) },
		"in an attribute": func(name, text string) string { return inPart(name, "sheet1.xml", text, "<row ", "<row "+bomb) },
		"in the texts": func(name, text string) string {
			return inPart(name, "sharedStrings.xml", text, "</si>", "</si>"+strings.Repeat("<si><t>x</t></si>", 100_000))
		},
		"in the workbook": func(name, text string) string { return inPart(name, "workbook.xml", text, "<sheets>", bomb+"<sheets>") },
		"in the styles":   func(name, text string) string { return inPart(name, "styles.xml", text, "<cellXfs", bomb+"<cellXfs") },
	} {
		changed := rezip(t, file, change)
		if len(changed) > 100_000 {
			t.Fatalf("%s: the bomb itself has %d bytes", name, len(changed))
		}
		b, err := Open(bytes.NewReader(changed), int64(len(changed)), limits)
		if err == nil {
			_, _, err = readAll(b, "")
		}
		if err == nil || !strings.Contains(err.Error(), "unpacks to more") && !strings.Contains(err.Error(), "bytes of text") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func inPart(name, part, text, old, new string) string {
	if strings.HasSuffix(name, "/"+part) {
		return strings.Replace(text, old, new, 1)
	}
	return text
}

func TestUnpackedLimitIsExact(t *testing.T) {
	file := orders(t, 20)
	size := 0
	rezip(t, file, func(name, text string) string {
		if strings.HasSuffix(name, "/sheet1.xml") {
			size = strings.Index(text, "</sheetData>") + len("</sheetData>")
		}
		return text
	})
	for _, more := range []int{-1, 0, 1} {
		b := openFile(t, file, Limits{})
		b.xlsx.limits.Unpacked = int64(size + more) // for the sheet alone: the other parts are read
		_, _, err := readAll(b, "")
		if (err != nil) != (more < 0) {
			t.Errorf("%d more than needed: %v", more, err)
		}
	}
}

func TestAWorkbookFrom1904(t *testing.T) {
	file := excelFile(t, func(f *excelize.File) {
		yes, format := true, "yyyy-mm-dd"
		f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes})
		f.SetCellValue("Sheet1", "A1", "Day")
		f.SetCellValue("Sheet1", "A2", 1)
		id, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		f.SetCellStyle("Sheet1", "A2", "A2", id)
	})
	_, rows, err := readAll(openFile(t, file, Limits{}), "")
	if err != nil || rows[0].Cells[0] != (Cell{Kind: Date, Text: "1904-01-02"}) {
		t.Error(rows, err)
	}
}

func TestWriteBook(t *testing.T) {
	var out bytes.Buffer
	parts := []Sheet{{"survey", []string{"a"}, [][]Cell{{OfText("=1")}}}, {"R & D <1>", []string{"b", "c"}, [][]Cell{{{}, OfNumber(2)}}}}
	if err := WriteBook(&out, parts); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	b := openFile(t, out.Bytes(), Limits{})
	for _, names := range [][]string{f.GetSheetList(), b.Sheets()} {
		if diff := cmp.Diff([]string{"survey", "R & D <1>"}, names); diff != "" {
			t.Error(diff)
		}
	}
	if got, err := f.GetCellValue("R & D <1>", "B2"); got != "2" || err != nil {
		t.Error(got, err)
	}
	if _, rows, err := readAll(b, "r & d <1>"); err != nil || rows[0].Cells[1].Number != 2 {
		t.Error(rows, err)
	}
}
