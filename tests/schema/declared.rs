//! What `src/schema.rs` says, in the words of [`crate::catalog`].

use syn::{
    Attribute, Ident, Item, Token, Type, braced,
    ext::IdentExt,
    parenthesized,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
};

use crate::catalog::Lines;

/// The inside of one `table! { … }`.
struct Table {
    name: String,
    key: Vec<String>,
    columns: Vec<Column>,
}

struct Column {
    name: String,
    kind: Type,
}

/// Columns and primary keys of every table.
pub fn lines() -> Lines {
    let file = syn::parse_file(include_str!("../../src/schema.rs")).expect("src/schema.rs is Rust");
    let mut lines = Lines::new();
    for item in file.items {
        let Item::Macro(item) = item else { continue };
        if item.mac.path.segments.last().is_none_or(|last| last.ident != "table") {
            continue;
        }
        let table: Table = item.mac.parse_body().expect("a table");
        lines.insert(format!("{} primary key ({})", table.name, table.key.join(", ")));
        for column in &table.columns {
            let folded = folded(&column.kind)
                .unwrap_or_else(|| panic!("{}.{}: unknown type", table.name, column.name));
            lines.insert(format!("{}.{} {folded}", table.name, column.name));
        }
    }
    lines
}

fn folded(kind: &Type) -> Option<String> {
    let Type::Path(path) = kind else { return None };
    let last = path.path.segments.last()?;
    if let syn::PathArguments::AngleBracketed(inner) = &last.arguments {
        let Some(syn::GenericArgument::Type(inner)) = inner.args.first() else { return None };
        return (last.ident == "Nullable").then(|| folded(inner).map(|kind| kind + " null"))?;
    }
    let word = match last.ident.to_string().as_str() {
        "BigInt" | "Bool" => "int",
        "Text" => "text",
        "Binary" | "Uid" => "bytes",
        "Double" => "real",
        _ => return None,
    };
    Some(word.to_owned())
}

impl Parse for Table {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        while input.peek(Token![use]) {
            input.parse::<syn::ItemUse>()?;
        }
        let name = named(input)?;
        let key;
        parenthesized!(key in input);
        let key = Punctuated::<Ident, Token![,]>::parse_terminated_with(&key, Ident::parse_any)?;
        let columns;
        braced!(columns in input);
        let columns = Punctuated::<Column, Token![,]>::parse_terminated(&columns)?;
        let columns: Vec<Column> = columns.into_iter().collect();
        let key = key.iter().map(ToString::to_string).collect();
        Ok(Self { name, key, columns })
    }
}

impl Parse for Column {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = named(input)?;
        input.parse::<Token![->]>()?;
        Ok(Self { name, kind: input.parse()? })
    }
}

/// The name of a table or column: the one that `sql_name` gives, or the one in Rust.
fn named(input: ParseStream<'_>) -> syn::Result<String> {
    let attributes = input.call(Attribute::parse_outer)?;
    let ident = input.call(Ident::parse_any)?;
    for attribute in attributes {
        if let syn::Meta::NameValue(pair) = &attribute.meta
            && pair.path.is_ident("sql_name")
            && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(name), .. }) = &pair.value
        {
            return Ok(name.value());
        }
    }
    Ok(ident.to_string())
}
