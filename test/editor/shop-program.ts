/** A file that the program imports. */
export const COMMON = `/// Where a parcel goes.
shape Address { zip: text  city: text }
enum Status { Open = "o"  Closed = "c" }
fn shown(name: text, suffix: text) -> text = concat(name, suffix)
`;
/** A program with an example of everything that an editor shows; characters of two units stand before names. */
export const SHOP = `import "common.nom"

lookup Countries "data/länder.csv" {
  code: text  name: text
  key (code)
}

entity Customer { id: int  store customers { key (id)  upsert on (id) } }

/// An order.
entity Order {
  id: int
  customer_id: int
  status: Status @json("state")
  to: Address
  note: text
  store orders {
    key (id)
    upsert on (id)
  }
}

derive Parcel from Order as o {
  id = o.id  zip = o.to.zip
  label = shown(o.note, "🚀")  length = length(replace(o.note, "a", "b"))
  open = o.status == Status.Open
  country = Countries[o.to.city]?.name
  store parcels { key (id)  upsert on (id) }
}

test "🚀 ein Päckchen" {
  given Order { "id": 1, "customer_id": 1, "state": "o", "to": { "zip": "1", "city": "x" }, "note": "n" }
  expect count(parcels) == 1
}
`;
