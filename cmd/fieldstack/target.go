package main

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// target is where a command works: a data folder, or a running server.
type target interface {
	// latest gives the latest version of a type; nil, 0 when there is none.
	latest(ctx context.Context, typ string) (*schema.Schema, int, error)
	// types lists the latest version of every type.
	types(ctx context.Context) ([]typeVersion, error)
	// saveDraft keeps a schema as the draft of a type, over whatever draft there is.
	saveDraft(ctx context.Context, typ string, text []byte) error
	// publishDraft makes the draft of a type its next version.
	publishDraft(ctx context.Context, typ string) (version int, err error)
	// write does many writes of one type, with an answer for each.
	write(ctx context.Context, typ string, writes []collections.Write) ([]collections.WriteResult, error)
	// page reads live documents by id, 500 at a time; next is "" on the last page.
	page(ctx context.Context, typ, after string) (docs []map[string]any, next string, err error)
	close() error
}

// typeVersion is one version of a type.
type typeVersion struct {
	name    string
	version int
	schema  *schema.Schema
}

var typeNames = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// checkTypeName says so where a type can have no such name.
func checkTypeName(name string) error {
	if typeNames.MatchString(name) {
		return nil
	}
	return fmt.Errorf("%q is no name of a type: use small letters, digits and dashes, as in work-order", name)
}

// targetFlags are the flags that choose a target.
type targetFlags struct {
	data, server, token string
	keep                time.Duration // how long history is kept; 0: for ever, as nobody asks for less
	begins              bool          // whether the command may make a data folder that is not there
}

func (f *targetFlags) add(cmd *cobra.Command) {
	folder := "the data folder, while no server is running on it"
	if f.begins {
		folder += "; made if it is not there"
	}
	cmd.Flags().StringVar(&f.data, "data", defaultData, folder)
	cmd.Flags().StringVar(&f.server, "server", "", "work on a running server instead of a data folder, e.g. http://127.0.0.1:8090")
	cmd.Flags().StringVar(&f.token, "token", "", "an API token for --server; 'fieldstack token create' makes one")
}

// open opens the target that the flags name.
func (f *targetFlags) open(ctx context.Context) (target, error) {
	if f.server == "" {
		return f.openFolder(ctx)
	}
	remote, err := f.openServer()
	return serverTarget{remote}, err
}

// publish saves a draft and makes it the type's next version.
func publish(ctx context.Context, t target, typ string, text []byte) (version int, err error) {
	if err := t.saveDraft(ctx, typ, text); err != nil {
		return 0, err
	}
	return t.publishDraft(ctx, typ)
}
