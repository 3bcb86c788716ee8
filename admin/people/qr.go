package people

import (
	"fmt"
	"strings"

	"rsc.io/qr"

	"github.com/fieldstack/fieldstack/templates"
)

// quiet is how many modules around a QR code stay white, as the standard wants.
const quiet = 4

// qrOf draws a text as a QR code, one path for all that is black. A camera on a
// scratched screen in the sun still reads it with a quarter of it missing (level Q).
func qrOf(text string) (*templates.QR, error) {
	code, err := qr.Encode(text, qr.Q)
	if err != nil {
		return nil, fmt.Errorf("people: draw a QR code: %w", err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			begin := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > begin {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", quiet+begin, quiet+y, x-begin, x-begin)
			}
		}
	}
	return &templates.QR{Size: code.Size + 2*quiet, Path: path.String()}, nil
}
