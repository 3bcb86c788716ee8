package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/collections"
)

const pumps = "Name,Flow,Checked,Note\nP-1,12.5,2024-05-27,\nP-2,8.0,2024-05-28,leaks\nP-3,9.5,2024-05-29,\"two\nlines\"\n"

// TestImport_Guessed: a table becomes a type and its records, and comes back as it was.
func TestImport_Guessed(t *testing.T) {
	atBoth(t, func(t *testing.T, s shell) {
		file := writeFile(t, "Pump list (2024).csv", pumps)
		got := s.ok("import", file, "--title", "Pump")
		wants(t, got, "There is no type pump-list-2024 yet. Guessed from 3 rows:", "Checked  date", "a date, because all 3 filled cells are.",
			"3 of 3 rows became pump-list-2024 records.")
		wants(t, s.ok("type", "list"), "pump-list-2024  1        Pump   4")
		if diff := cmp.Diff(pumps, s.ok("export", "pump-list-2024")); diff != "" {
			t.Errorf("export differs from what was imported:\n%s", diff)
		}
		s.ok("export", "pump-list-2024", "--to", "out.jsonl")
		want := `{"Checked":"2024-05-27","Flow":12.5,"Name":"P-1"}
{"Checked":"2024-05-28","Flow":8,"Name":"P-2","Note":"leaks"}
{"Checked":"2024-05-29","Flow":9.5,"Name":"P-3","Note":"two\nlines"}
`
		if diff := cmp.Diff(want, readFile(t, "out.jsonl")); diff != "" {
			t.Errorf("JSON lines:\n%s", diff)
		}
		wants(t, s.ok("import", "out.jsonl", "--type", "pump-list-2024"), "Importing into pump-list-2024, version 1.", "3 of 3 rows")
		if lines := strings.Count(s.ok("export", "pump-list-2024", "--format", "jsonl"), "\n"); lines != 6 {
			t.Errorf("%d records after importing them twice, want 6", lines)
		}
	})
}

// TestImport_Rejects: what does not fit is explained, set aside as it came, refused
// again while it is not mended, and imported once it is.
func TestImport_Rejects(t *testing.T) {
	atBoth(t, func(t *testing.T, s shell) {
		s.ok("import", writeFile(t, "pump.csv", pumps))
		more := writeFile(t, "more.csv", "Name,Flow,Checked,Note\nP-4,fast,2024-06-01,\nP-5,1.0,2024-06-02,ok\nP-6,2.0\nP-7,3.0,2024-06-03,a,b\nP-8 \"big\",4.0,2024-06-04,\n\"P-9,5.0,2024-06-05,\n")
		got := s.ok("import", more, "--type", "pump")
		wants(t, got, "1 of 6 rows became pump records.", "line 2: Flow", "line 4: The row has 2 cells where the first line names 4 columns.",
			"line 5: The row has 5 cells", "line 6: The row has a quotation mark out of place", "line 7: The row has a quotation mark out of place",
			"What does not fit is in more.rejected.csv", "then: fieldstack import more.rejected.csv --type pump "+s.where[0]+" "+s.where[1])
		rejected := readFile(t, "more.rejected.csv")
		wants(t, rejected, "Name,Flow,Checked,Note,"+reasonColumn+"\n", "P-4,fast,2024-06-01,,", "P-6,2.0,The row", "P-7,3.0,2024-06-03,a,b,The row", `"P-8 ""big"",4.0,2024-06-04,",`, `"""P-9,5.0,2024-06-05,",`)

		wants(t, s.ok("import", "more.rejected.csv", "--type", "pump"), "0 of 5 rows became pump records.", "more.rejected.rejected.csv")
		wants(t, s.ok("import", more, "--type", "pump", "--dry-run"), "Nothing was written. 1 of 6 rows fit.")
		if readFile(t, "more.rejected.csv") != rejected {
			t.Error("the rows set aside were written over")
		}
		wants(t, s.ok("import", more, "--type", "pump"), "more.rejected-2.csv")

		lines := strings.Split(rejected, "\n")
		mended := writeFile(t, "mended.csv", lines[0]+"\nP-4,6.0,2024-06-01,,whatever\nP-6,2.0,2024-06-02,,\n")
		wants(t, s.ok("import", mended, "--type", "pump"), "2 of 2 rows became pump records.")
		wants(t, s.ok("export", "pump"), "P-4,6.0,2024-06-01,\nP-6,2.0,2024-06-02,\n")
	})
}

func TestImport_RejectedJSONLines(t *testing.T) {
	s := atFolder(t)
	file := writeFile(t, "j.jsonl", "{\"zed\":\"a\",\"n\":1,\"alpha\":true}\r\n\r\n[1]\n{\"zed\":\"b\"\n{\"zed\":\"c\",\"n\":2}")
	got := s.ok("import", file, "--rejects", "aside.jsonl")
	wants(t, got, "2 of 4 rows became j records.", "line 3: The line is no JSON object", "line 4: The JSON text ends too early", "What does not fit is in aside.jsonl")
	if strings.Index(got, "Zed") > strings.Index(got, "Alpha") {
		t.Errorf("the fields are not in the order of the file:\n%s", got)
	}
	wants(t, s.ok("import", "aside.jsonl", "--type", "j"), "0 of 2 rows", `The line still has "the line as it was"`)
	wants(t, readFile(t, "aside.rejected.jsonl"), `{"the line as it was":"[1]",`)
	writeFile(t, "mended.jsonl", `{"zed":"b","`+reasonColumn+`":"no brace"}`)
	wants(t, s.ok("import", "mended.jsonl", "--type", "j"), "1 of 1 rows")
}

func TestImport_AllOrNothing(t *testing.T) {
	atBoth(t, func(t *testing.T, s shell) {
		s.ok("import", writeFile(t, "pump.csv", pumps))
		before := s.ok("export", "pump")
		file := writeFile(t, "more.csv", "Name,Flow\nP-4,1.0\nP-5,fast\n")
		s.fails([]string{"import", file, "--type", "pump", "--all-or-nothing"}, "nothing was imported: not every row fits")
		s.fails([]string{"import", file, "--type", "pump", "--all-or-nothing", "--dry-run"}, "nothing was imported")
		if s.ok("export", "pump") != before {
			t.Error("a row was imported")
		}
		writeFile(t, "ragged.csv", "Name,Flow\nP-4,1.0\nP-5\n")
		s.fails([]string{"import", "ragged.csv", "--all-or-nothing"}, "nothing was imported")
		if strings.Contains(s.ok("type", "list"), "ragged") {
			t.Error("a type was published for rows that were not imported")
		}
		wants(t, s.ok("import", file, "--type", "pump", "--title", "unused"), "1 of 2")
	})
}

// TestImport_DryRun writes nothing, not even the data folder.
func TestImport_DryRun(t *testing.T) {
	s := atFolder(t)
	file := writeFile(t, "pump.csv", pumps+"P-4\n")
	wants(t, s.ok("import", file, "--dry-run"), "There is no type pump yet", "Nothing was written. 3 of 4 rows fit.", "line 6: ")
	left, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 1 {
		t.Errorf("a dry run left %v", left)
	}
}

// TestImport_Forms reads a table however a spreadsheet wrote it.
func TestImport_Forms(t *testing.T) {
	crlf := strings.ReplaceAll(pumps, "\n", "\r\n")
	semicolons := strings.ReplaceAll(pumps, ",", ";")
	for name, text := range map[string]string{
		"plain": pumps, "mark": "\xef\xbb\xbf" + pumps, "crlf": crlf, "mark and crlf": "\xef\xbb\xbf" + crlf,
		"semicolons": semicolons, "tabs": strings.ReplaceAll(pumps, ",", "\t"), "no last newline": strings.TrimSuffix(pumps, "\n"),
	} {
		t.Run(name, func(t *testing.T) {
			s := atFolder(t)
			wants(t, s.ok("import", writeFile(t, "pump.csv", text)), "3 of 3 rows")
			if diff := cmp.Diff(pumps, s.ok("export", "pump")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestImport_NoTable says what is wrong with a file that is no table.
func TestImport_NoTable(t *testing.T) {
	s := atFolder(t)
	s.ok("import", writeFile(t, "pump.csv", pumps))
	for i, c := range []struct{ text, reads string }{
		{"", "its first line must name the columns"},
		{"\n\n", "its first line must name the columns"},
		{"a,b\n", "has no rows"},
		{"a,a\n1,2\n", `two columns are named "a"; rename one`},
		{"a, ,c\n1,2,3\n", "column 2 has no name"},
		{"a\"b,c\n1,2\n", "line 1 must name the columns: The row has a quotation mark out of place"},
		{"caf\xe9,c\n1,2\n", "save the table as UTF-8"},
		{"\xff\xfea\x00,\x00b\x00\n\x00", "UTF-16; save it as UTF-8"},
		{"a,b\n1\n2\n", "none of its 2 rows can be read, the first because: The row has 1 cell "},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			shell{t: t, where: s.where}.fails([]string{"import", writeFile(t, "bad.csv", c.text)}, c.reads)
		})
	}
	s.fails([]string{"import", writeFile(t, "more.csv", "Name,Weight\nP-4,3\n"), "--type", "pump"}, `no field for the column "Weight"`)
	s.fails([]string{"import", writeFile(t, "more.csv", "Name\nP-4\n"), "--type", "Pump Two"}, `"Pump Two" is no name of a type`)
	wants(t, s.ok("import", writeFile(t, "latin.csv", "Name\ncaf\xe9\nbar\n"), "--type", "pump"), "1 of 2 rows", "line 2: ", "UTF-8")
}

// TestImport_SampleType: all strategies go through a CSV and come back, and the numbers
// that the server gave are given anew.
func TestImport_SampleType(t *testing.T) {
	s := atFolder(t)
	writeFile(t, "work-order.json", string(sampleSchema))
	s.ok("type", "publish", sampleType, "work-order.json")
	writeFile(t, "in.csv", "Title,Status,Priority,Due,Notes,Tags,Parts,Hours,Meter reading\n"+
		`Oil leak,open,low,2024-06-01,"Line one`+"\n"+`line two","leak;oil","[{""part"":""Hose"",""quantity"":2}]",1.5,12000`+"\n")
	wants(t, s.ok("import", "in.csv", "--type", sampleType), "1 of 1 rows")
	want := `{"due":"2024-06-01","hours":1.5,"meter":12000,"notes":"Line one\nline two","number":"WO-0001","parts":[{"part":"Hose","quantity":2}],"priority":"low","status":"open","tags":["leak","oil"],"title":"Oil leak"}` + "\n"
	if diff := cmp.Diff(want, s.ok("export", sampleType, "--format", "jsonl")); diff != "" {
		t.Error(diff)
	}
	s.fails([]string{"import", writeFile(t, "twice.csv", "Assigned to,assignee\nanna,ben\n"), "--type", sampleType},
		`the columns "Assigned to" and "assignee" are for one field of work-order`)
	s.ok("export", sampleType, "--to", "out.csv")
	s.ok("export", sampleType, "--to", "out.jsonl")
	for _, file := range []string{"out.csv", "out.jsonl"} {
		wants(t, s.ok("import", file, "--type", sampleType), "1 of 1 rows", "1 row came with a number. The server numbers records itself")
	}
	want += strings.Replace(want, "0001", "0002", 1) + strings.Replace(want, "0001", "0003", 1)
	if diff := cmp.Diff(want, s.ok("export", sampleType, "--format", "jsonl")); diff != "" {
		t.Error(diff)
	}
}

// TestImport_ManyBatches: more rows than go to a server at once, and more bytes.
func TestImport_ManyBatches(t *testing.T) {
	s := atServer(t)
	rows, size := writeRows+3, 0
	var file strings.Builder
	file.WriteString("N,Text\n")
	for i := range rows {
		fmt.Fprintf(&file, "%d,oil leak\n", i)
	}
	for ; size <= writeBytes; rows++ {
		text := strings.Repeat("oil leak. ", 1_000)
		fmt.Fprintf(&file, "%d,%s\n", rows, text)
		size += len(text)
	}
	writeFile(t, "big.csv", file.String())
	wants(t, s.ok("import", "big.csv"), fmt.Sprintf("%d of %[1]d rows", rows))
	if s.ok("export", "big") != file.String() {
		t.Error("export differs from what was imported")
	}
}

// failing is a place that takes so many batches, and then no more.
type failing struct {
	target
	batches int
	stop    context.CancelFunc // by whoever is at the keyboard; nil: the place fails
}

func (f *failing) write(ctx context.Context, typ string, writes []collections.Write) ([]collections.WriteResult, error) {
	if f.batches--; f.batches >= 0 {
		return f.target.write(ctx, typ, writes)
	}
	if f.stop == nil {
		return nil, errors.New("the disk is full")
	}
	f.stop()
	return f.target.write(ctx, typ, writes)
}

// TestImport_Stopped: who imports learns from which line on nothing is imported.
func TestImport_Stopped(t *testing.T) {
	for _, interrupted := range []bool{false, true} {
		s := atFolder(t)
		var rows strings.Builder
		rows.WriteString("N\n")
		for i := range 2*writeRows + 7 {
			fmt.Fprintln(&rows, i)
		}
		file, err := readCSV([]byte(rows.String()))
		if err != nil {
			t.Fatal(err)
		}
		folder, err := (&targetFlags{data: "data", begins: true}).openFolder(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		place := &failing{target: folder, batches: 1}
		if interrupted {
			place.stop = cancel
		}
		i := &importer{target: place, file: file, typ: "n", out: io.Discard, progress: io.Discard}
		err = i.run(ctx)
		if want := fmt.Sprintf("stopped at line %d, after %d records", writeRows+2, writeRows); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("interrupted %v: %v, want %q", interrupted, err, want)
		}
		if interrupted && !errors.Is(err, context.Canceled) {
			t.Errorf("%v does not say that it was interrupted", err)
		}
		if err := folder.close(); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(s.ok("export", "n"), "\n") - 1; n != writeRows {
			t.Errorf("interrupted %v: %d records are there, want %d", interrupted, n, writeRows)
		}
	}
}

// TestImport_RealTable round-trips a real table of 1,000 rows and 47 columns: the same
// rows in the same order, to the byte.
func TestImport_RealTable(t *testing.T) {
	path := sharedData(t, "csv/nyc-311-2024.csv")
	roundTrip := func(t *testing.T, s shell) {
		wants(t, s.ok("import", path), "1000 of 1000 rows became nyc-311-2024 records.")
		s.ok("export", "nyc-311-2024", "--raw", "--to", "out.csv")
		if readFile(t, "out.csv") != readFile(t, path) {
			t.Error("the exported table is not the imported one")
		}
	}
	if raced {
		roundTrip(t, atServer(t)) // which goes through all that a folder does
		return
	}
	atBoth(t, roundTrip)
}

// TestImport_RealWorkOrders makes records of 1,076 real work orders, as people typed them.
func TestImport_RealWorkOrders(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(readFile(t, sharedData(t, "work-orders/maintie-gold.txt"))), "\n")
	s := atFolder(t)
	var table strings.Builder
	if err := writeRow(&table, []string{"Number", "Work"}); err != nil {
		t.Fatal(err)
	}
	for i, line := range lines {
		if err := writeRow(&table, []string{fmt.Sprint(i + 1), guard(line)}); err != nil {
			t.Fatal(err)
		}
	}
	writeFile(t, "orders.csv", table.String())
	wants(t, s.ok("import", "orders.csv"), fmt.Sprintf("%d of %[1]d rows", len(lines)))
	if diff := cmp.Diff(table.String(), s.ok("export", "orders")); diff != "" {
		t.Errorf("the work orders came back otherwise:\n%s", diff)
	}
}
