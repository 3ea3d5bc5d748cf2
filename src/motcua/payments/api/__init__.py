"""What the national payment platform asks of us: it confirms payments and looks up what a dossier owes.

Fields have the platform's names. It comes as a partner system with a token of its own, through the exchange axis;
a confirmation carries the partner's signature on top.
"""

from typing import Annotated, Any

from ninja import Field, Router, Schema
from pydantic import ConfigDict

from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.payments import actions, queries

router = Router(tags=["platform"])
SCOPE = "payments:platform"
Word = Annotated[str, Field(default="", max_length=500)]


class Confirmation(Schema):
    """What became of a payment (CONFIRM). Fields that are not named here are kept with the exchange."""

    model_config = ConfigDict(extra="allow")

    LoaiBanTin: str = Field("CONFIRM", max_length=20, description="Kind of message")
    MaLoi: str = Field(max_length=20, description="00: paid")
    MaDoiTac: str = Field(max_length=64, description="Partner code of the collecting unit")
    MaThamChieu: str = Field(max_length=255, description="Reference of INIT")
    SoTien: int | str = Field(description="Whole đồng")
    MaTienTe: str = Field("VND", max_length=8, description="Currency")
    MaGiaoDich: str = Field("", max_length=64, description="The platform's number")
    MaNganHang: str = Field("", max_length=40, description="Bank of the payer")
    ThoiGianGD: str = Field("", max_length=20, description="yyyyMMddHHmmss, time of Viet Nam")
    ThongTinGiaoDich: str = Field("", max_length=500, description="Text of INIT")
    MaXacThuc: str = Field(max_length=128, description="Signature")


class ConfirmationAnswer(Schema):
    """What we made of it. The same message again gets the same answer and books nothing more."""

    MaLoi: str = Field(description="00: known and settled; 99: not accepted, `MoTaLoi` says why")
    MoTaLoi: str
    MaDoiTac: str
    MaThamChieu: str
    ThoiGianGD: str
    MaXacThuc: str = Field(description="Our signature; empty when the partner is unknown")


class BillQuestion(Schema):
    """The platform asks what a dossier owes."""

    MaHoSo: str = Field(min_length=1, max_length=48, description="The dossier's code")


class BillAnswer(Schema):
    """1 and what is to be paid, 0 when nothing is, -1 for an unknown code."""

    error_code: int
    message: dict[str, Any] | list[Any]


@router.post(
    "/platform/confirm",
    response=ConfirmationAnswer,
    summary="The payment platform confirms a payment",
)
def confirm_platform_payment(request: ActorRequest, body: Confirmation) -> dict[str, Any]:
    """Idempotent: repeated, late and contradicting messages book nothing twice; contradictions go to people."""
    return actions.confirm_online(message=body.model_dump(), now=clock.now()).message


@router.post(
    "/platform/bill",
    response=BillAnswer,
    summary="The payment platform looks up what a dossier owes",
)
def look_up_platform_bill(request: ActorRequest, body: BillQuestion) -> dict[str, Any]:
    """What is still owed, into which account, line by line; only where the unit takes payments online."""
    code, message = queries.payable(request.actor, body.MaHoSo, clock.now())
    return {"error_code": code, "message": message}
