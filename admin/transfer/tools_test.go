package transfer_test

import (
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// xlsxFile has a sheet to read first, and one of orders.
func xlsxFile(t *testing.T) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	_, err := f.NewSheet("Orders")
	if err != nil {
		t.Fatal(err)
	}
	format := "dd.mm.yyyy"
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		t.Fatal(err)
	}
	for at, v := range map[string]any{"A1": "Title", "B1": "Due", "C1": "Hours", "A2": 7, "B2": time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC), "C2": 2.5} {
		if err := f.SetCellValue("Orders", at, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellStyle("Orders", "B2", "B2", style); err != nil {
		t.Fatal(err)
	}
	for at, v := range map[string]any{"A1": "Readme", "A2": "See the next sheet"} {
		if err := f.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}
