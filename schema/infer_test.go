package schema_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

var update = flag.Bool("update-infer", false, "rewrite testdata/nyc-311.golden from what Infer guesses now")

// sharedData is the path of a file of the shared data; the test is skipped where it
// is not there.
func sharedData(tb testing.TB, name string) string {
	tb.Helper()
	dir := os.Getenv("FIELDSTACK_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	path := filepath.Join(dir, filepath.FromSlash(name))
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		tb.Skipf("%s is not here; set FIELDSTACK_DATA to the shared data", name)
	}
	return path
}

// readTable reads a CSV file as Infer takes it.
func readTable(tb testing.TB, path string) (columns []string, rows []map[string]any) {
	tb.Helper()
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	for _, line := range lines[1:] {
		rows = append(rows, tableRow(lines[0], line))
	}
	return lines[0], rows
}

func tableRow(columns, cells []string) map[string]any {
	row := map[string]any{}
	for i, name := range columns {
		row[name] = cells[i]
	}
	return row
}

func mustInfer(tb testing.TB, columns []string, records []map[string]any) (*schema.Schema, []schema.Note) {
	tb.Helper()
	text, notes, err := schema.Infer("Sample", columns, records)
	if err != nil {
		tb.Fatalf("Infer: %v", err)
	}
	s, err := schema.Parse(text)
	if err != nil {
		tb.Fatalf("Infer made %s, which Parse refuses: %v", text, err)
	}
	return s, notes
}

// checkTable holds the law of tables: every cell comes back as it was, and every row
// is valid.
func checkTable(s *schema.Schema, columns []string, rows []map[string]any) error {
	for i, row := range rows {
		value := map[string]any{}
		for _, name := range columns {
			key, ok := s.Column(name)
			if !ok {
				return fmt.Errorf("no field for column %q", name)
			}
			v, present, err := s.Convert(key, row[name].(string))
			if err != nil {
				return fmt.Errorf("row %d: %w", i, err)
			}
			if present {
				value[key] = v
			}
			if got := s.Cell(key, v); got != row[name] {
				return fmt.Errorf("row %d, column %q: %q came back as %q", i, name, row[name], got)
			}
		}
		if problems := s.Validate(value); problems != nil {
			return fmt.Errorf("row %d: %v", i, problems)
		}
	}
	return nil
}

// Real city data: every cell of 1,000 rows and 47 columns comes back, every row is
// valid, and what each column was taken for is what a person reviewed.
func TestInfer_CityRequests(t *testing.T) {
	columns, rows := readTable(t, sharedData(t, "csv/nyc-311-2024.csv"))
	if len(rows) != 1000 || len(columns) != 47 {
		t.Fatalf("the file has %d rows and %d columns, want 1000 and 47", len(rows), len(columns))
	}
	s, notes := mustInfer(t, columns, rows)
	if err := checkTable(s, columns, rows); err != nil {
		t.Error(err)
	}
	var golden strings.Builder
	for i, field := range s.Fields() {
		if field.Title != columns[i] {
			t.Errorf("field %d is %q, want the columns in their order: %q", i, field.Title, columns[i])
		}
		fmt.Fprintf(&golden, "%s · %s %s%s\n    %s\n", field.Path[0], field.Strategy, field.Type, prefixed(" ", field.Format), notes[i].Message)
	}
	compareGolden(t, "testdata/nyc-311.golden", golden.String())
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

func compareGolden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (read the difference, then -update-infer if it is better):\n%s", path, diff)
	}
}

// column makes a table of one column, each cell repeated.
func column(times int, cells ...string) (rows []map[string]any) {
	for range times {
		for _, cell := range cells {
			rows = append(rows, map[string]any{"Col": cell})
		}
	}
	return rows
}

// What a column is taken for.
func TestInfer_Columns(t *testing.T) {
	word := strings.Repeat("word ", 20)
	for name, c := range map[string]struct {
		rows []map[string]any
		want string // the schema without its title
	}{
		"whole numbers":            {column(1, "1", "-20", "", "0"), `{"type":"integer"}`},
		"numbers":                  {column(1, "1", "2.5", "-0.125"), `{"type":"number"}`},
		"one decimal":              {column(1, "10033.0", "7.0", "1.25"), `{"type":"number","x-format":"0.0"}`},
		"two decimals":             {column(1, "12.50", "7.00", "1.255"), `{"type":"number","x-format":"0.00"}`},
		"decimals that differ":     {column(1, "12.50", "7"), `{"type":"string"}`},
		"leading zeros":            {column(1, "007", "12"), `{"type":"string"}`},
		"minus zero":               {column(1, "-0.0", "1.0"), `{"type":"string"}`},
		"a plus":                   {column(1, "+1", "2"), `{"type":"string"}`},
		"too long for a double":    {column(1, "9007199254740993", "1"), `{"type":"string"}`},
		"the longest whole number": {column(1, "9007199254740991"), `{"type":"integer"}`},
		"an exponent":              {column(1, "1e5", "2"), `{"type":"string"}`},
		"hexadecimal":              {column(1, "0x10", "2"), `{"type":"string"}`},
		"infinity":                 {column(1, "inf", "NaN"), `{"type":"string"}`},
		"separators":               {column(1, "1,234", "2"), `{"type":"string"}`},
		"a blank":                  {column(1, " ", "2"), `{"type":"string"}`},
		"spaces around":            {column(1, " 1", "2"), `{"type":"string"}`},
		"true and false":           {column(1, "true", "false", ""), `{"type":"boolean"}`},
		"yes and no":               {column(1, "Yes", "No"), `{"type":"boolean","x-format":"Yes/No"}`},
		"only yes":                 {column(1, "YES", ""), `{"type":"boolean","x-format":"YES/NO"}`},
		"Y and N":                  {column(1, "Y", "N"), `{"type":"boolean","x-format":"Y/N"}`},
		"only N":                   {column(1, "N", "N"), `{"type":"string"}`},
		"yes in two cases":         {column(1, "Yes", "no"), `{"type":"string"}`},
		"0 and 1":                  {column(1, "0", "1"), `{"type":"integer"}`},
		"dates":                    {column(1, "2024-02-29", "1999-12-31"), `{"format":"date","type":"string"}`},
		"a day there is not":       {column(1, "2023-02-29"), `{"type":"string"}`},
		"American dates":           {column(1, "02/29/2024", "12/31/1999"), `{"format":"date","type":"string","x-format":"MM/DD/YYYY"}`},
		"American dates, short":    {column(1, "2/29/2024", "1/1/1999"), `{"format":"date","type":"string","x-format":"M/D/YYYY"}`},
		"British dates":            {column(1, "29/02/2024", "01/02/1999"), `{"format":"date","type":"string","x-format":"DD/MM/YYYY"}`},
		"German dates":             {column(1, "01.02.2024"), `{"format":"date","type":"string","x-format":"DD.MM.YYYY"}`},
		"either month":             {column(1, "03/04/2024", "01/02/2024"), `{"type":"string"}`},
		"the same either way":      {column(1, "03/03/2024", "12/12/2024"), `{"format":"date","type":"string","x-format":"DD/MM/YYYY"}`},
		"moments":                  {column(1, "2024-05-27T02:08:51Z", "2024-05-27T02:08:51.123+02:00"), `{"format":"date-time","type":"string"}`},
		"emails":                   {column(1, "kim@example.com", "a.b+c@d-e.co.uk"), `{"format":"email","type":"string"}`},
		"web addresses":            {column(1, "https://example.com/a?b=c#d", "http://x.org"), `{"format":"uri","type":"string"}`},
		"UUIDs":                    {column(1, "018f4e2a-7b1c-7def-8a3b-0123456789ab"), `{"format":"uuid","type":"string"}`},
		"an email and a name":      {column(1, "kim@example.com", "kim"), `{"type":"string"}`},
		"a choice":                 {column(30, "low", "high"), `{"enum":["high","low"],"type":"string"}`},
		"a choice too soon":        {column(24, "low", "high"), `{"type":"string"}`},
		"many, each some times":    {column(5, strings.Fields("a b c d e f g h i j k l")...), `{"type":"string"}`},
		"a choice of sentences":    {column(30, strings.Repeat("word ", 13), "x"), `{"type":"string"}`},
		"always the same":          {column(60, "N/A"), `{"type":"string"}`},
		"new ones keep coming":     {append(column(60, "low"), column(1, "a", "b")...), `{"type":"string"}`},
		"long texts":               {column(1, word, word+"."), `{"contentMediaType":"text/plain","type":"string"}`},
		"lines":                    {column(1, "a\nb", "c"), `{"contentMediaType":"text/plain","type":"string"}`},
		"data":                     {column(1, `{"a":"`+word+`"}`, `[1]`), `{"type":"string"}`},
		"nothing":                  {column(3, ""), `{"type":"string"}`},
	} {
		t.Run(name, func(t *testing.T) {
			text, _, err := schema.Infer("", []string{"Col"}, c.rows)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, property(t, text, "Col")); diff != "" {
				t.Error(diff)
			}
			s, _ := mustInfer(t, []string{"Col"}, c.rows)
			if err := checkTable(s, []string{"Col"}, c.rows); err != nil {
				t.Error(err)
			}
		})
	}
}

// property is one property of a schema, without its title.
func property(t *testing.T, text []byte, key string) string {
	t.Helper()
	var doc struct {
		Properties map[string]map[string]any
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	delete(doc.Properties[key], "title")
	return crdt.Canonical(doc.Properties[key])
}

// The note of a column says why it is what it is; where one cell keeps a column from
// being numbers, it is named.
func TestInfer_Notes(t *testing.T) {
	numbers := strings.Fields("1 2 3 4 5 6 7 8 9 10 11 12")
	for want, cells := range map[string][]string{
		"Col: a whole number, because all 12 filled cells are.":                                                                        numbers,
		"Col: a whole number, because the one filled cell is.":                                                                         {"7", ""},
		`Col: a text, because 13 filled cells are too few to call it a choice, though most are numbers: "N/A" is not.`:                 append(numbers, "N/A"),
		`Col: a text, because 13 filled cells are too few to call it a choice, though most are numbers: "007" would come back as "7".`: append(numbers, "007"),
		"Col: a text, because nothing tells the day from the month in dates such as 03/04/2024.":                                       {"03/04/2024"},
		"Col: a text, because no row fills it in.":                                                                                     {""},
	} {
		_, notes, err := schema.Infer("", []string{"Col"}, column(1, cells...))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]schema.Note{{Path: "/properties/Col", Message: schema.Verbatim(want)}}, notes); diff != "" {
			t.Error(diff)
		}
	}
}

// Codes and telephone numbers stay texts by the name of their column.
func TestInfer_CodesByName(t *testing.T) {
	for name, want := range map[string]string{
		"incident_zip": "string", "Phone": "string", "Postal code": "string", "Téléphone (tel.)": "string",
		"amount": "integer", "Zipped": "integer",
	} {
		s, _ := mustInfer(t, []string{name}, []map[string]any{{name: "10033"}, {name: "5551234567"}})
		key, _ := s.Column(name)
		if field, _ := s.Field([]string{key}); field.Type != want {
			t.Errorf("%s: got %s, want %s", name, field.Type, want)
		}
	}
}

// Keys are made of names once, are all different, and lead back to their columns.
func TestInfer_Keys(t *testing.T) {
	columns := []string{
		"status", "Due-Date", "Date réalisée (h)", ":@computed_region", "100 %", "%", "#", "a b", "a  b", "A B", "a_b",
		"__proto__", "日本 語", "$where", "x.y", strings.Repeat("é", 80),
	}
	want := []string{
		"status", "Due-Date", "date_realisee_h", "computed_region", "100", "column", "column_2", "a_b", "a_b_2", "a_b_3", "a_b_4",
		"proto", "日本_語", "where", "x_y", strings.Repeat("e", 56),
	}
	row := map[string]any{}
	for i, name := range columns {
		row[name] = fmt.Sprintf("text %d", i)
	}
	s, _ := mustInfer(t, columns, []map[string]any{row})
	for i, field := range s.Fields() {
		if field.Path[0] != want[i] || field.Title != columns[i] {
			t.Errorf("column %q: got key %q, label %q, want key %q", columns[i], field.Path[0], field.Title, want[i])
		}
	}
	if err := checkTable(s, columns, []map[string]any{row}); err != nil {
		t.Error(err)
	}
}

// What nothing can be made of is refused with a sentence.
func TestInfer_Refuses(t *testing.T) {
	for want, c := range map[string]struct {
		columns []string
		records []map[string]any
	}{
		"nothing to learn from.":   {nil, nil},
		"nothing to learn":         {nil, []map[string]any{{}}},
		`"a" is there twice`:       {[]string{"a", "b", "a"}, nil},
		`"__proto__"`:              {nil, []map[string]any{{"__proto__": 1.0}}},
		"is longer than 128 bytes": {nil, []map[string]any{{strings.Repeat("k", 200): 1.0}}},
	} {
		text, _, err := schema.Infer("x", c.columns, c.records)
		if list := schema.Errors(err); len(list) != 1 || !strings.Contains(list[0].Message.String(), want) {
			t.Errorf("got %s, %v, want one *SchemaError with %q", text, err, want)
		}
	}
}

// JSON keeps its keys and its types, at any depth.
func TestInfer_JSONLines(t *testing.T) {
	lines := `{"title":"Pump","hours":2,"rate":1.5,"urgent":true,"when":"2024-05-27","tags":["a","b"],"parts":[{"name":"seal","qty":2},{"name":"bolt","price":0.5}],"site":{"city":"Bern","geo":{"lat":46.9}},"code":"12","note":null,"either":1,"log":[1,2,2],"odd":[1,{"a":1}]}
{"title":"Valve","hours":3,"rate":2,"tags":[],"parts":[],"site":{"city":"Biel","zip":"2500"},"code":"7","note":"x","either":"one","gone":null,"odd":"x"}`
	var records []map[string]any
	for line := range strings.Lines(lines) {
		records = append(records, mustParseObject(t, []byte(line)))
	}
	text, notes, err := schema.Infer("Work order", nil, records)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"title":  `{"type":"string"}`,
		"hours":  `{"type":"integer"}`,
		"rate":   `{"type":"number"}`,
		"urgent": `{"type":"boolean"}`,
		"when":   `{"format":"date","type":"string"}`,
		"code":   `{"type":"string"}`,
		"tags":   `{"items":{"type":"string"},"type":"array","uniqueItems":true}`,
		"parts":  `{"items":{"properties":{"name":{"type":"string"},"price":{"type":"number"},"qty":{"type":"integer"}},"type":"object"},"type":"array"}`,
		"site":   `{"properties":{"city":{"type":"string"},"geo":{"properties":{"lat":{"type":"number"}},"type":"object"},"zip":{"type":"string"}},"type":"object"}`,
		"note":   `{"type":["string","null"]}`,
		"either": `{"type":["number","string"]}`,
		"log":    `{"items":{"type":"integer"},"type":"array"}`,
		"gone":   `{}`,
		"odd":    `{}`,
	} {
		if got := property(t, text, key); got != want {
			t.Errorf("%s: got %s, want %s", key, got, want)
		}
	}
	if len(notes) != 14 {
		t.Errorf("got %d notes, want one for each of 14 fields", len(notes))
	}
	s, err := schema.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records {
		if problems := s.Validate(record); problems != nil {
			t.Errorf("a sample breaks what was inferred from it: %v", problems)
		}
	}
	for key, want := range map[string]crdt.Strategy{"tags": crdt.Set, "parts": crdt.List, "site": crdt.Map, "hours": crdt.Register} {
		if field, _ := s.Field([]string{key}); field.Strategy != want {
			t.Errorf("%s merges as %s, want %s", key, field.Strategy, want)
		}
	}
}

// Objects whose keys are data become a table of keys, not hundreds of fields.
func TestInfer_KeysThatAreData(t *testing.T) {
	var records []map[string]any
	for i := range 200 {
		records = append(records, map[string]any{"readings": map[string]any{fmt.Sprintf("m%d", i): 1.5}})
	}
	text, _, err := schema.Infer("", nil, records)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := property(t, text, "readings"), `{"additionalProperties":{"type":"number"},"type":"object"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Nesting without end stays free where it gets deep, and is still a type.
func TestInfer_Deep(t *testing.T) {
	var v any = "bottom"
	for range 14 {
		v = map[string]any{"in": []any{v}}
	}
	record := map[string]any{"top": v}
	s, _ := mustInfer(t, nil, []map[string]any{record})
	if problems := s.Validate(record); problems != nil {
		t.Errorf("the sample breaks what was inferred from it: %v", problems)
	}
	for _, field := range s.Fields() {
		if len(field.Path) > 9 {
			t.Errorf("%q became a field; nobody fills in forms that deep", field.Path)
		}
	}
}

// Whatever the cells are, they all come back and every row is valid.
func TestInfer_TableLaw(t *testing.T) {
	cell := rapid.OneOf(
		rapid.SampledFrom([]string{
			"", " ", "0", "1", "-1", "007", "1.0", "2.50", "1e3", "1E400", "true", "false", "yes", "No", "Y", "N", "2024-02-29", "2024-02-30",
			"1/2/2024", "13/2/2024", "2024-05-27T02:08:51.000", "2024-05-27 02:08", "2024-05-27T02:08:51Z", "2016-12-31T23:59:60Z", "a@b.co", "https://a.b/c",
			"https://[::1]/%zz", "{}", "[1]", `"x"`, "null", "a\nb", "é", "=1+1", "0.1", ".5", "5.", "9007199254740993", "1;2",
		}),
		rapid.StringMatching(`[0-9]{1,3}([.][0-9]{1,3})?`), rapid.StringMatching(`-?[0-9]{1,20}`), rapid.String(),
		rapid.StringMatching(`[0-9]{1,2}[./][0-9]{1,2}[./]20[0-9]{2}`), rapid.StringMatching(`https?://[a-z.:/?#%=\[\]@]{0,8}`), rapid.StringMatching(`[a-z.+]{1,3}@[a-z.-]{1,6}`),
	)
	rapid.Check(t, func(t *rapid.T) {
		few := rapid.SliceOfN(cell, 1, 3).Draw(t, "cells")
		var rows []map[string]any
		for range rapid.IntRange(1, 60).Draw(t, "rows") {
			rows = append(rows, map[string]any{"Col": rapid.SampledFrom(few).Draw(t, "cell")})
		}
		text, _, err := schema.Infer("", []string{"Col"}, rows)
		if err != nil {
			t.Fatalf("Infer of %q: %v", few, err)
		}
		s, err := schema.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := checkTable(s, []string{"Col"}, rows); err != nil {
			t.Fatalf("%q became %s: %v", few, text, err)
		}
	})
}

// Whatever the JSON is, the samples are valid under what is inferred from them.
func TestInfer_JSONLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var records []map[string]any
		for range rapid.IntRange(1, 5).Draw(t, "records") {
			records = append(records, drawRecord(t))
		}
		text, _, err := schema.Infer("", nil, append(records, map[string]any{"some": 1.0}))
		if err != nil {
			t.Fatalf("Infer of %v: %v", records, err)
		}
		s, err := schema.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, record := range records {
			if problems := s.Validate(record); problems != nil {
				t.Fatalf("%s breaks %s: %v", crdt.Canonical(record), text, problems)
			}
		}
	})
}

// drawRecord is drawValue with rows: lists of objects and lists of lists.
func drawRecord(t *rapid.T) map[string]any {
	record := drawObject(t, 3)
	for _, key := range rapid.SliceOfN(drawKey, 0, 2).Draw(t, "rows") {
		rows := []any{}
		for range rapid.IntRange(0, 3).Draw(t, "many") {
			rows = append(rows, drawObject(t, 1))
		}
		record[key] = rows
	}
	return record
}

// What a field of JSON is taken for where one sample does not tell.
func TestInfer_JSONFields(t *testing.T) {
	few := func(values ...any) (list []any) {
		for range 30 {
			list = append(list, values...)
		}
		return list
	}
	for name, c := range map[string]struct {
		values []any
		want   string
	}{
		"digits stay text":       {[]any{"12", "7"}, `{"type":"string"}`},
		"a choice":               {few("low", "high"), `{"enum":["high","low"],"type":"string"}`},
		"a choice or null":       {few("low", "high", nil), `{"enum":["high","low",null],"type":["string","null"]}`},
		"no choice with \"\"":    {few("low", "high", ""), `{"type":"string"}`},
		"no date with \"\"":      {[]any{"2024-05-27", ""}, `{"type":"string"}`},
		"long with \"\"":         {[]any{strings.Repeat("word ", 30), ""}, `{"contentMediaType":"text/plain","type":"string"}`},
		"only \"\"":              {[]any{""}, `{"type":"string"}`},
		"tags twice":             {[]any{[]any{"a", "a"}}, `{"items":{"type":"string"},"type":"array"}`},
		"tags and null":          {[]any{[]any{"a"}, nil}, `{"items":{"type":"string"},"type":["array","null"],"uniqueItems":true}`},
		"empty lists":            {[]any{[]any{}}, `{"type":"array"}`},
		"an empty object":        {[]any{map[string]any{}}, `{"type":"object"}`},
		"a key that is no field": {[]any{map[string]any{strings.Repeat("k", 200): 1.0}}, `{"additionalProperties":{"type":"integer"},"type":"object"}`},
		"yes and no and null":    {[]any{true, nil}, `{"type":["boolean","null"]}`},
	} {
		t.Run(name, func(t *testing.T) {
			var records []map[string]any
			for _, v := range c.values {
				records = append(records, map[string]any{"f": v})
			}
			text, _, err := schema.Infer("", nil, records)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, property(t, text, "f")); diff != "" {
				t.Error(diff)
			}
		})
	}
}
