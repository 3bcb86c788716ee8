package main

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
)

func tokenCommand() *cobra.Command {
	return group(&cobra.Command{Use: "token", Short: "Make, list and revoke API tokens",
		Long: `token makes, lists and revokes API tokens: what a program, or one of these commands
with --server, shows to a running server. A token may do what its account may, or less
with --scopes.`},
		tokenCreate(), tokenList(), tokenRevoke())
}

func tokenCreate() *cobra.Command {
	var flags targetFlags
	var label, scopes string
	var days int
	cmd := &cobra.Command{Use: "create NAME", Short: "Make an API token for the account NAME, and print it once", Args: takes(1, 1),
		RunE: withPeople(&flags, func(cmd *cobra.Command, p people, args []string) error {
			if days < 0 {
				return fmt.Errorf("--days is %d: give the number of days until the token ends, or 0 for never", days)
			}
			id, err := accountID(cmd.Context(), p, args[0])
			if err != nil {
				return err
			}
			token := auth.NewToken{Label: label, Scopes: strings.FieldsFunc(scopes, func(r rune) bool { return r == ',' })}
			if days > 0 {
				token.Expires = time.Now().AddDate(0, 0, days).UnixMilli()
			}
			text, err := p.createToken(cmd.Context(), id, token)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), text)
			return err
		})}
	flags.add(cmd)
	cmd.Flags().StringVar(&label, "label", "command line", "what the token is for")
	cmd.Flags().StringVar(&scopes, "scopes", "", "narrow it: read, write, type:<name>, with commas; default: all that NAME may")
	cmd.Flags().IntVar(&days, "days", 0, "days until it ends; 0: never")
	return cmd
}

func tokenList() *cobra.Command {
	var flags targetFlags
	cmd := &cobra.Command{Use: "list", Short: "List the API and device tokens", Args: takes(0, 0),
		RunE: withPeople(&flags, func(cmd *cobra.Command, p people, _ []string) error {
			tokens, err := p.tokens(cmd.Context())
			if err != nil {
				return err
			}
			accounts, err := p.list(cmd.Context())
			if err != nil {
				return err
			}
			names := map[string]string{}
			for _, a := range accounts {
				names[a.ID] = a.Name
			}
			table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
			fmt.Fprintln(table, "ID\tOF\tKIND\tLABEL\tSCOPES\tLAST USED (UTC)\tENDS")
			for _, t := range tokens {
				ends := "never"
				if t.Expires != 0 {
					ends = time.UnixMilli(t.Expires).UTC().Format(time.DateOnly)
				}
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, names[t.Account], t.Kind, t.Label,
					cmp.Or(strings.Join(t.Scopes, ","), "all"), time.UnixMilli(t.Used).UTC().Format("2006-01-02 15:04"), ends)
			}
			return table.Flush()
		})}
	flags.add(cmd)
	return cmd
}

func tokenRevoke() *cobra.Command {
	var flags targetFlags
	cmd := &cobra.Command{Use: "revoke ID", Short: "End a token, at once and everywhere", Args: takes(1, 1),
		RunE: withPeople(&flags, func(cmd *cobra.Command, p people, args []string) error {
			err := p.revoke(cmd.Context(), args[0])
			if hasCode(err, collections.NotFound) || isStatus(err, http.StatusNotFound) {
				return fmt.Errorf("there is no token %q; 'fieldstack token list' shows those there are", args[0])
			}
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), "Revoked.")
			return err
		})}
	flags.add(cmd)
	return cmd
}
