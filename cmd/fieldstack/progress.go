package main

import (
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// newProgress makes a bar that shows how far something is: of so many, or of who knows
// how many where total is -1. It is drawn only where a person can see it move, and only
// when it moves: a spinner that turned by itself would be read and written at once.
func newProgress(to io.Writer, what string, total int64, options ...progressbar.Option) *progressbar.ProgressBar {
	if file, ok := to.(*os.File); !ok || !term.IsTerminal(int(file.Fd())) {
		to = io.Discard
	}
	return progressbar.NewOptions64(total, append(options, progressbar.OptionSetWriter(to),
		progressbar.OptionSetDescription(what), progressbar.OptionClearOnFinish(), progressbar.OptionSetSpinnerChangeInterval(0))...)
}
