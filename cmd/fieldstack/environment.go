package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// flagsFromEnvironment gives every flag that was not on the command line the value
// that the environment has for it. Whoever names a data folder on the command line
// does not mean the server that the environment names.
func flagsFromEnvironment(flags *pflag.FlagSet, lookup func(string) (string, bool)) error {
	if flags.Changed("data") && flags.Changed("server") {
		return errors.New("--data and --server are two places to work on: give one of them")
	}
	folder := flags.Changed("data")
	// A server has a store and a data folder; a command works on one of them.
	oneStore := flags.Lookup("store") != nil && flags.Lookup("listen") == nil
	if oneStore && flags.Changed("store") && (folder || flags.Changed("server")) {
		return errors.New("--store and --data or --server are two places to work on: give one of them")
	}
	elsewhere := oneStore && (folder || flags.Changed("server"))
	var err error
	flags.VisitAll(func(f *pflag.Flag) {
		name := envName(f.Name)
		value, ok := lookup(name)
		if f.Changed || !ok || err != nil || f.Name == "server" && folder || f.Name == "store" && elsewhere {
			return
		}
		if e := flags.Set(f.Name, value); e != nil {
			err = fmt.Errorf("%s=%q in the environment: %w", name, value, e)
		}
	})
	return err
}

// envName is what a flag is called in the environment. --data is not FIELDSTACK_DATA,
// which names a folder of test data.
func envName(flag string) string {
	if flag == "data" {
		return "FIELDSTACK_DATA_DIR"
	}
	return "FIELDSTACK_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}
