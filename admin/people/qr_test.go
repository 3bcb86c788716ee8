package people

import (
	"fmt"
	"strings"
	"testing"

	"rsc.io/qr"
)

// Ensure the path paints what the code is, with white around it.
func TestQR_PathIsTheCode(t *testing.T) {
	const text = "https://field.example/app/#enrol=ABCDE-FGHJK"
	code, err := qr.Encode(text, qr.Q)
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := qrOf(text)
	if err != nil {
		t.Fatal(err)
	}
	black := map[[2]int]bool{}
	for part := range strings.SplitSeq(strings.TrimSuffix(drawn.Path, "z"), "z") {
		var x, y, width, back int
		if _, err := fmt.Sscanf(part, "M%d %dh%dv1h-%d", &x, &y, &width, &back); err != nil || width != back {
			t.Fatalf("%q: %v", part, err)
		}
		for i := range width {
			black[[2]int{x + i, y}] = true
		}
	}
	if drawn.Size != code.Size+8 {
		t.Errorf("%d modules wide, the code has %d", drawn.Size, code.Size)
	}
	for y := range drawn.Size {
		for x := range drawn.Size {
			if black[[2]int{x, y}] != code.Black(x-4, y-4) {
				t.Fatalf("wrong at %d, %d", x, y)
			}
		}
	}
}

// Ensure a text that is too long for a code is an error, not half a code.
func TestQR_TooLong(t *testing.T) {
	if _, err := qrOf(strings.Repeat("x", 5000)); err == nil {
		t.Error("no error")
	}
}
