package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// defaultKeepHistory is long enough for a device that works one season a year.
const defaultKeepHistory = 400 * 24 * time.Hour

// keepHistory is the flag that says how long history is kept: "400d", or "always".
type keepHistory time.Duration

// addKeepHistory adds the flag to a command's.
func addKeepHistory(flags *pflag.FlagSet, to *time.Duration) {
	*to = defaultKeepHistory
	flags.Var((*keepHistory)(to), "keep-history", "how long history is kept, in days, such as 400d, or always; a device may be away for as long and find its work merged")
}

// Set implements pflag.Value.
func (k *keepHistory) Set(text string) error {
	if text == "always" {
		*k = 0
		return nil
	}
	days, isDays := strings.CutSuffix(text, "d")
	n, err := strconv.Atoi(days)
	if !isDays || err != nil || n < 1 || n > 100_000 {
		return errors.New("it takes a number of days such as 400d, or always")
	}
	*k = keepHistory(n) * keepHistory(24*time.Hour)
	return nil
}

// String implements pflag.Value.
func (k *keepHistory) String() string {
	if *k == 0 {
		return "always"
	}
	return fmt.Sprintf("%dd", time.Duration(*k)/(24*time.Hour))
}

// Type implements pflag.Value.
func (k *keepHistory) Type() string { return "days" }
