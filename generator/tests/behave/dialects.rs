//! Documents of OpenAPI 3.1 and of Swagger 2.0 mean what their own words say.

mod connection;

use connection::Server;
use emitted::json_schema::models::{Mark, Star};
use emitted::support::Field;
use emitted::support::decode::{Decode, from_value};
use emitted::support::server::Outcome;
use emitted::swagger::models::Passenger;
use emitted::swagger::server::add_passenger::{AddPassengerRequest, AddPassengerResponse};
use emitted::swagger::server::list_passengers::{ListPassengersRequest, ListPassengersResponse};
use emitted::swagger::server::{Api, router};
use serde_json::{Value, json};

fn fits<T: Decode>(value: Value) -> bool {
    from_value::<T>(&value).is_ok()
}

#[test]
fn several_types_are_alternatives_with_their_own_bounds() {
    assert!(matches!(from_value::<Mark>(&json!("ab")), Ok(Mark::String(_))));
    assert!(matches!(from_value::<Mark>(&json!(7)), Ok(Mark::Integer(_))));
    for refused in [json!("a"), json!(6), json!(true), json!(7.5)] {
        assert!(!fits::<Mark>(refused.clone()), "{refused}");
    }
    let star: Star = from_value(&json!({ "kind": "star", "name": "Sol", "mark": null })).unwrap();
    assert_eq!((star.mark, star.parent), (Field::Null, Field::Absent));
}

#[test]
fn constants_bounds_and_closed_objects_hold() {
    let star = |member: &str, value: Value| {
        let mut star = json!({ "kind": "star", "name": "Sol" });
        star[member] = value;
        fits::<Star>(star)
    };
    assert!(star("kind", json!("star")) && !star("kind", json!("moon")));
    assert!(star("size", json!(0.5)) && !star("size", json!(0)) && !star("size", json!(10)));
    assert!(star("picture", json!("aGk=")) && !star("picture", json!("?")));
    assert!(star("parent", Value::Null) && star("parent", json!({ "kind": "star", "name": "Up" })));
    assert!(!star("name", json!("S")) && !star("unheard", json!(1)));
}

struct Ferry;

impl Api for Ferry {
    async fn list_passengers(
        &self,
        request: ListPassengersRequest,
    ) -> Outcome<ListPassengersResponse> {
        let decks = request.decks.unwrap_or_default();
        Ok(ListPassengersResponse::Ok(decks.into_iter().map(Passenger::new).collect()))
    }

    async fn add_passenger(&self, request: AddPassengerRequest) -> Outcome<AddPassengerResponse> {
        Ok(AddPassengerResponse::Created(request.body))
    }
}

#[tokio::test]
async fn parameters_and_bodies_travel_as_swagger_says() {
    let server = Server::start(router(Ferry)).await;
    let answer = server.ask("GET /passengers?decks=a%7Cb&limit=2 HTTP/1.1", b"").await;
    assert_eq!(answer.json(), json!([{ "name": "a" }, { "name": "b" }]));
    assert_eq!(server.ask("GET /passengers?limit=101 HTTP/1.1", b"").await.status, 422);
    let head = "POST /passengers HTTP/1.1\nContent-Type: application/json";
    let answer = server.ask(head, b"{\"name\":\"Ada\",\"cabin\":null}").await;
    assert_eq!((answer.status, answer.json()), (201, json!({ "name": "Ada", "cabin": null })));
    assert_eq!(server.ask(head, b"{\"cabin\":\"7\"}").await.status, 422);
}
